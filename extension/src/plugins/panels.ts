import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { SaveStatus, UseStatus } from '../case/saveStatus.js';
import { CasePanel } from '../panels/casePanel.js';
import { PeoplePanel } from '../panels/peoplePanel.js';
import { bundleOf } from './translation.js';

/** The side panels of the case in front. */
export const panelsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:panels',
  description: 'Side panels of a Voxcord case: layers, segments and tools on the left, people on the right.',
  autoStart: true,
  requires: [CaseTrackerToken],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    tracker: CaseTracker,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = bundleOf(translator);
    const left = new CasePanel(tracker, app.commands, trans);
    const right = new PeoplePanel(tracker, trans);
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
    _app: JupyterFrontEnd,
    tracker: CaseTracker,
    statusBar: IStatusBar,
    translator: ITranslator | null
  ): void => {
    const trans = bundleOf(translator);
    const isActive = (): boolean => tracker.currentWidget !== null;
    const save = new SaveStatus(tracker, trans);
    const use = new UseStatus(tracker, trans);
    const activeStateChanged = new Signal<CaseTracker, void>(tracker);
    tracker.currentChanged.connect(() => activeStateChanged.emit());
    statusBar.registerStatusItem('voxcord:save', { item: save, align: 'left', rank: 1, isActive, activeStateChanged });
    statusBar.registerStatusItem('voxcord:use', { item: use, align: 'right', rank: 1, isActive, activeStateChanged });
  }
};
