import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  IToolbarWidgetRegistry,
  type MainAreaWidget,
  WidgetTracker,
  createToolbarFactory,
  setToolbar
} from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { CaseMemory } from '../case/caseMemory.js';
import { type CaseSurroundings, CaseWidgetFactory, newCaseWidget } from '../case/caseDocument.js';
import { caseToolbarItems, caseViewIn } from '../case/caseToolbar.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { handleCharacterKeys } from '../case/characterKeys.js';
import type { CaseView } from '../case/caseView.js';
import { CommandIDs } from '../commandIds.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { voxcordIcon } from '../ui/icons.js';
import { returnFocusAfterPointer } from '../ui/returnFocus.js';
import { bundleOf } from './translation.js';

const ID = '@voxcord/extension:cases';
const FACTORY = 'Voxcord Case';
const FILE_TYPE = 'voxcord-case';

/** Cases as documents of JupyterLab: by their `.voxcord` file or by their address. */
export const casesPlugin: JupyterFrontEndPlugin<CaseTracker> = {
  id: ID,
  description: 'Opens Voxcord cases, from .voxcord files and by their address.',
  autoStart: true,
  provides: CaseTrackerToken,
  requires: [VoxcordServiceToken],
  optional: [ITranslator, ILayoutRestorer, ILabShell, IStateDB, ISettingRegistry, IToolbarWidgetRegistry],
  activate: (
    app: JupyterFrontEnd,
    service: VoxcordService,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null,
    state: IStateDB | null,
    settings: ISettingRegistry | null,
    toolbars: IToolbarWidgetRegistry | null
  ): CaseTracker => {
    const trans = bundleOf(translator);
    const surroundings: CaseSurroundings = { service, memory: new CaseMemory(state), trans };
    const tracker = new WidgetTracker<MainAreaWidget<CaseView>>({ namespace: 'voxcord-cases' });

    const items = caseToolbarItems(trans);
    const addToolbar = toolbarFiller(items, toolbars, settings, translator);

    const track = (widget: MainAreaWidget<CaseView>): void => {
      const { content } = widget;
      widget.title.icon = voxcordIcon;
      widget.addClass('voxcord-Case');
      addToolbar(widget);
      handleCharacterKeys(content.node, app.commands);
      returnFocusAfterPointer(widget.toolbar.node, () => content);
      content.model.changed.connect(() => {
        if (content.path === null && content.model.title !== '') widget.title.label = content.model.title;
        void tracker.save(widget);
      });
      void tracker.add(widget);
      showPanelsOnce(labShell);
      // After a reload nothing has the focus: keys belong to the case in front.
      void Promise.all([app.restored, widget.revealed]).then(() => {
        if (widget.isVisible && document.activeElement === document.body) widget.activate();
      });
    };

    app.docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: trans.__('Voxcord case'),
      extensions: ['.voxcord'],
      mimeTypes: ['application/vnd.voxcord.case+json'],
      contentType: 'file',
      fileFormat: 'text',
      icon: voxcordIcon
    });
    const factory = new CaseWidgetFactory(surroundings, {
      name: FACTORY,
      label: trans.__('Voxcord Case'),
      fileTypes: [FILE_TYPE],
      defaultFor: [FILE_TYPE],
      modelName: 'text',
      readOnly: true
    });
    factory.widgetCreated.connect((_, widget) => track(widget));
    // JupyterLab's own base class does not fit its interface under exact optional properties.
    app.docRegistry.addWidgetFactory(factory as DocumentRegistry.WidgetFactory);

    app.commands.addCommand(CommandIDs.openCase, {
      label: trans.__('Open a Voxcord Case'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            case: { type: 'string', description: trans.__('Id of the case') },
            path: { type: 'string', description: trans.__('Its .voxcord file, instead of the id') },
            read: { type: 'string', description: trans.__('Id of the read to join; otherwise the usual one') },
            review: { type: 'boolean', description: trans.__('Its consensus instead of its reads') }
          }
        }
      },
      execute: async args => {
        const path = args['path'];
        if (typeof path === 'string') {
          return (await app.commands.execute('docmanager:open', { path, factory: FACTORY })) as unknown;
        }
        const caseId = args['case'];
        if (typeof caseId !== 'string') throw new Error(trans.__('Say which case: its id or the path of its file.'));
        if (args['review'] === true) {
          return (await app.commands.execute(CommandIDs.openReview, { case: caseId })) as unknown;
        }
        const open = tracker.find(({ content }) => content.kind === 'case' && content.caseId === caseId);
        const readId = typeof args['read'] === 'string' ? args['read'] : null;
        if (open !== undefined) {
          app.shell.activateById(open.id);
          if (readId !== null) await open.content.model.joinById(readId);
          return open;
        }
        const widget = newCaseWidget(caseId, surroundings, readId);
        widget.id = `voxcord-case-${caseId}`;
        widget.title.label = trans.__('Case');
        widget.title.closable = true;
        track(widget);
        app.shell.add(widget, 'main', { type: 'Voxcord' });
        app.shell.activateById(widget.id);
        return widget;
      }
    });

    void restorer?.restore(tracker, {
      command: CommandIDs.openCase,
      args: ({ content }) =>
        content.path === null
          ? { case: content.caseId ?? '', review: content.kind === 'review' }
          : { path: content.path },
      name: ({ content }) => content.path ?? `${content.kind === 'review' ? 'review:' : ''}${content.caseId ?? ''}`
    });

    window.addEventListener('beforeunload', event => {
      if (tracker.find(({ content }) => content.model.session?.isAtRisk === true) !== undefined) event.preventDefault();
    });
    return tracker;
  }
};

/** Fills toolbars as the settings say, or with all items in their usual order. */
function toolbarFiller(
  items: ReturnType<typeof caseToolbarItems>,
  toolbars: IToolbarWidgetRegistry | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): (widget: MainAreaWidget<CaseView>) => void {
  if (toolbars === null || settings === null) {
    return widget => {
      for (const [name, make] of Object.entries(items)) widget.toolbar.addItem(name, make(widget.content));
    };
  }
  for (const [name, make] of Object.entries(items)) {
    toolbars.addFactory(FACTORY, name, widget => {
      const view = caseViewIn(widget);
      return view === null ? new Widget() : make(view);
    });
  }
  const factory = createToolbarFactory(toolbars, settings, FACTORY, ID, translator ?? nullTranslator);
  return widget => setToolbar(widget, factory);
}

/** Window width from which both side panels leave two thirds to the picture. */
const WIDE = 1400;
let hasShownPanels = false;

/** The first case of a page brings its panels along; after that they are the reader's to fold. */
function showPanelsOnce(labShell: ILabShell | null): void {
  if (labShell === null || hasShownPanels) return;
  hasShownPanels = true;
  void labShell.restored.then(() => {
    labShell.activateById('voxcord-case-panel');
    if (window.innerWidth >= WIDE) labShell.activateById('voxcord-people-panel');
  });
}
