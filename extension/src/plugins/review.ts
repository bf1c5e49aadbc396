import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  ICommandPalette,
  IToolbarWidgetRegistry,
  MainAreaWidget,
  createToolbarFactory,
  setToolbar
} from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { CaseInFront } from '../case/caseInFront.js';
import { CaseMemory } from '../case/caseMemory.js';
import { caseToolbarItems } from '../case/caseToolbar.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { handleCharacterKeys } from '../case/characterKeys.js';
import { CommandIDs } from '../commandIds.js';
import { ConsensusPanel } from '../review/consensusPanel.js';
import { DisputePanel } from '../review/disputePanel.js';
import { addReviewCommands, reviewIn } from '../review/reviewCommands.js';
import { reviewToolbarItems } from '../review/reviewToolbar.js';
import { ReviewView } from '../review/reviewView.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { consensusIcon } from '../ui/icons.js';
import { returnFocusAfterPointer } from '../ui/returnFocus.js';
import { bundleOf } from './translation.js';
import { tellProblem, tellSuccess } from '../ui/notices.js';

const ID = '@voxcord/extension:review';
const FACTORY = 'Voxcord Review';
/** Window width from which both side panels leave enough to the picture; below it the dispute is what counts. */
const WIDE = 1200;

/** The consensus of a case as a document: what readers agree on, and what is decided about the rest. */
export const reviewPlugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Opens the consensus of a case: agreement, disputes, adjudication and versions.',
  autoStart: true,
  requires: [VoxcordServiceToken, CaseTrackerToken],
  optional: [
    ITranslator,
    ILabShell,
    ILayoutRestorer,
    IStateDB,
    ISettingRegistry,
    IToolbarWidgetRegistry,
    ICommandPalette
  ],
  activate: (
    app: JupyterFrontEnd,
    service: VoxcordService,
    tracker: CaseTracker,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    settings: ISettingRegistry | null,
    toolbars: IToolbarWidgetRegistry | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = bundleOf(translator);
    const { commands, shell } = app;
    const front = new CaseInFront(tracker, shell);
    const left = new ConsensusPanel(front, commands, trans);
    const right = new DisputePanel(front, commands, trans);
    shell.add(left, 'left', { rank: 620, type: 'Voxcord' });
    shell.add(right, 'right', { rank: 605, type: 'Voxcord' });
    restorer?.add(left, left.id);
    restorer?.add(right, right.id);
    if (labShell !== null) followFront(labShell, front, left.id, right.id);

    let isReady = false;
    void app.restored.then(() => (isReady = true));
    addReviewCommands(commands, front, trans);
    const addToolbar = toolbarFiller(app, toolbars, settings, translator);

    /** Brings a review to the front, with its panels. */
    const toFront = (id: string): void => {
      // Before a layout is restored panels are not this command's to choose.
      if (labShell !== null && isReady) {
        if (window.innerWidth >= WIDE) shell.activateById(left.id);
        shell.activateById(right.id);
      }
      shell.activateById(id);
    };

    commands.addCommand(CommandIDs.openReview, {
      label: trans.__('Open the Consensus'),
      caption: trans.__('Where readers agree, where they do not, and what is decided'),
      icon: consensusIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            case: { type: 'string', description: trans.__('Id of the case; otherwise the one in front') },
            lesion: { type: 'integer', description: trans.__('Number of a lesion to go to') }
          }
        }
      },
      isEnabled: args => typeof args['case'] === 'string' || (front.view?.model.caseId ?? null) !== null,
      isVisible: args => typeof args['case'] === 'string' || mayDecide(front),
      execute: args => {
        const named = args['case'];
        const caseId = typeof named === 'string' ? named : (front.view?.model.caseId ?? null);
        if (caseId === null) throw new Error(trans.__('Say which case: its id.'));
        const open = tracker.find(({ content }) => content.kind === 'review' && content.caseId === caseId);
        const lesion = typeof args['lesion'] === 'number' ? args['lesion'] : null;
        if (open !== undefined) {
          toFront(open.id);
          if (lesion !== null && open.content instanceof ReviewView) open.content.goToLesion(lesion);
          return open;
        }
        const content = new ReviewView({ service, memory: new CaseMemory(state), trans, caseId });
        if (lesion !== null) content.goToLesion(lesion);
        const widget = new MainAreaWidget({ content });
        widget.id = `voxcord-review-${caseId}`;
        widget.title.label = trans.__('Review');
        widget.title.icon = consensusIcon;
        widget.title.closable = true;
        widget.addClass('voxcord-Case');
        addToolbar(widget);
        handleCharacterKeys(content.node, commands);
        returnFocusAfterPointer(widget.toolbar.node, () => content);
        content.model.changed.connect(() => {
          if (content.model.title !== '') widget.title.label = trans.__('%1 · review', content.model.title);
          void tracker.save(widget);
        });
        void tracker.add(widget);
        shell.add(widget, 'main', { type: 'Voxcord' });
        toFront(widget.id);
        return widget;
      }
    });
    let couldDecide = false;
    front.changed.connect(() => {
      if (mayDecide(front) === couldDecide) return;
      couldDecide = mayDecide(front);
      commands.notifyCommandChanged(CommandIDs.openReview);
    });
    commands.addCommand(CommandIDs.signAdjudication, {
      label: trans.__('Sign What Was Decided and Release…'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => (reviewIn(front)?.review?.result ?? null) !== null,
      execute: async () => {
        const view = reviewIn(front);
        if (view === null) return;
        try {
          const { signAdjudication } = await import('../review/signAdjudication.js');
          const { case: opened } = view.model;
          if (opened === null || !(await signAdjudication(view, trans))) return;
          if (view.reading.project?.myRole === 'manager') {
            await commands.execute(CommandIDs.prepareRelease, { project: opened.projectId, case: opened.id });
          } else {
            tellSuccess(trans.__('The adjudication is signed. A manager of the project can release it now.'));
          }
        } catch (reason) {
          const { messageOf } = await import('../client/index.js');
          tellProblem(messageOf(reason));
        }
      }
    });

    for (const command of [
      CommandIDs.openReview,
      CommandIDs.computeConsensus,
      CommandIDs.beginAdjudication,
      CommandIDs.signAdjudication
    ]) {
      palette?.addItem({ command, category: trans.__('Voxcord') });
    }
    for (const overlay of ['disagreement', 'soft', 'outlines']) {
      palette?.addItem({ command: CommandIDs.overlay, args: { overlay }, category: trans.__('Voxcord') });
    }
  }
};

/** A consensus is for those who decide about the case in front, once there is a protocol to decide by. */
function mayDecide({ view }: CaseInFront): boolean {
  const project = view?.reading.project ?? null;
  if (view === null || project === null || project.protocol === null) return false;
  return project.myRole === 'manager' || project.myRole === 'adjudicator';
}

/** Panels follow what is in front: those of a case and those of a review take each other's place, and no other's. */
function followFront(labShell: ILabShell, front: CaseInFront, left: string, right: string): void {
  let wasReview = false;
  const isShown = (id: string): boolean => {
    for (const side of ['left', 'right'] as const) {
      for (const widget of labShell.widgets(side)) if (widget.id === id) return widget.isVisible;
    }
    return false;
  };
  const swap = (from: string, to: string): void => {
    if (isShown(from)) labShell.activateById(to);
  };
  front.changed.connect(() => {
    if (front.view === null) return;
    const isReview = front.view.kind === 'review';
    if (isReview === wasReview) return;
    wasReview = isReview;
    void labShell.restored.then(() => {
      const { view } = front;
      if (view === null) return;
      if (isReview) {
        swap('voxcord-case-panel', left);
        swap('voxcord-people-panel', right);
      } else {
        swap(left, 'voxcord-case-panel');
        swap(right, 'voxcord-people-panel');
      }
      view.activate();
    });
  });
}

/** Toolbars as the settings say, or with all items in their usual order. */
function toolbarFiller(
  app: JupyterFrontEnd,
  toolbars: IToolbarWidgetRegistry | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): (widget: MainAreaWidget<ReviewView>) => void {
  const trans = bundleOf(translator);
  const own = reviewToolbarItems(app.commands, trans);
  const { preset, volume, tool } = caseToolbarItems(trans);
  const items = { ...own, preset, volume, tool };
  if (toolbars === null || settings === null) {
    return widget => {
      for (const [name, make] of Object.entries(items)) {
        if (make !== undefined) widget.toolbar.addItem(name, make(widget.content));
      }
    };
  }
  for (const [name, make] of Object.entries(items)) {
    toolbars.addFactory(FACTORY, name, widget =>
      make !== undefined && widget instanceof MainAreaWidget && widget.content instanceof ReviewView
        ? make(widget.content)
        : new Widget()
    );
  }
  const factory = createToolbarFactory(toolbars, settings, FACTORY, ID, translator ?? nullTranslator);
  return widget => setToolbar(widget, factory);
}
