import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ITranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import type { CaseView } from '../case/caseView.js';
import { addPaintingCommands } from '../case/paintingCommands.js';
import { addViewCommands } from '../case/viewCommands.js';
import { CommandIDs } from '../commandIds.js';
import { addLiveCommands } from '../live/liveCommands.js';
import { bundleOf } from './translation.js';

/** What can be done in a case, each by a command: for keys, menus and the palette. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:commands',
  description: 'Commands, keys and the menu of Voxcord cases.',
  autoStart: true,
  requires: [CaseTrackerToken],
  optional: [ITranslator, ILabShell, IMainMenu, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: CaseTracker,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    menu: IMainMenu | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = bundleOf(translator);
    const { commands } = app;
    const front = new CaseInFront(tracker, app.shell);
    addPaintingCommands(commands, front, trans);
    addViewCommands(commands, front, trans, labShell);
    addLiveCommands(commands, front, trans);
    let shown: CaseView | null = null;
    front.changed.connect(() => {
      if (front.view === shown) return;
      shown = front.view;
      commands.notifyCommandChanged();
    });

    commands.addCommand(CommandIDs.saveCopy, {
      label: trans.__('Save a Copy of the Labels…'),
      caption: trans.__('Downloads the label map as it is in this page, as NIfTI'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => (front.view?.model.session ?? null) !== null,
      execute: async () => {
        const model = front.view?.model;
        if (model === undefined) return;
        const { saveCopy } = await import('../case/caseCopy.js');
        await saveCopy(model);
      }
    });
    commands.addCommand(CommandIDs.reconnect, {
      label: trans.__('Reconnect to the Room'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => (front.view?.model.session ?? null) !== null,
      execute: () => front.view?.model.session?.retry()
    });

    const isCase = (widget: Widget): boolean => front.view !== null && widget.contains(front.view);
    menu?.editMenu.undoers.undo.add({ id: CommandIDs.undo, isEnabled: isCase });
    menu?.editMenu.undoers.redo.add({ id: CommandIDs.redo, isEnabled: isCase });

    for (const command of [
      CommandIDs.undo,
      CommandIDs.redo,
      CommandIDs.addSegment,
      CommandIDs.resetView,
      CommandIDs.foldPanels,
      CommandIDs.fullScreen,
      CommandIDs.showKeys,
      CommandIDs.saveCopy,
      CommandIDs.reconnect
    ]) {
      palette?.addItem({ command, category: trans.__('Voxcord') });
    }
    for (const layer of ['consensus', 'disagreement']) {
      palette?.addItem({ command: CommandIDs.liveLayer, args: { layer }, category: trans.__('Voxcord') });
    }
  }
};
