import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { SaveStatus, UseStatus } from '../case/saveStatus.js';
import { type VoxcordModels, VoxcordModelsToken } from '../models/voxcordModels.js';
import { CasePanel } from '../panels/casePanel.js';
import { PeoplePanel } from '../panels/peoplePanel.js';
import { bundleOf } from './translation.js';

/** The side panels of the case in front. */
export const panelsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:panels',
  description: 'Side panels of a Voxcord case: layers, segments and tools on the left, people on the right.',
  autoStart: true,
  requires: [CaseTrackerToken],
  optional: [ITranslator, ILayoutRestorer, VoxcordModelsToken],
  activate: (
    app: JupyterFrontEnd,
    tracker: CaseTracker,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    models: VoxcordModels | null
  ): void => {
    const trans = bundleOf(translator);
    const front = new CaseInFront(tracker, app.shell);
    const left = new CasePanel(front, app.commands, id => app.shell.activateById(id), models, trans);
    const right = new PeoplePanel(front, trans);
    app.shell.add(left, 'left', { rank: 610, type: 'Voxcord' });
    app.shell.add(right, 'right', { rank: 610, type: 'Voxcord' });
    restorer?.add(left, left.id);
    restorer?.add(right, right.id);
  }
};

/** Connection, saved state and permitted use in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:status',
  description: 'Shows in the status bar whether what was painted is saved.',
  autoStart: true,
  requires: [CaseTrackerToken, IStatusBar],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: CaseTracker,
    statusBar: IStatusBar,
    translator: ITranslator | null
  ): void => {
    const trans = bundleOf(translator);
    const front = new CaseInFront(tracker, app.shell);
    const save = new SaveStatus(front, trans);
    const use = new UseStatus(front, trans);
    const isActive = (): boolean => front.view !== null;
    const activeStateChanged = new Signal<CaseInFront, void>(front);
    front.changed.connect(() => activeStateChanged.emit());
    // It says nothing by itself unless there is something to say.
    statusBar.registerStatusItem('voxcord:save', { item: save, align: 'left', rank: 1 });
    statusBar.registerStatusItem('voxcord:use', { item: use, align: 'right', rank: 1, isActive, activeStateChanged });
  }
};
