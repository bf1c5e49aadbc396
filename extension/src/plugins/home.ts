import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator } from '@jupyterlab/translation';
import { CaseMemory } from '../case/caseMemory.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import { HomeModel } from '../home/homeModel.js';
import { HomePanel } from '../home/homePanel.js';
import type { CaseSource } from '../home/startCase.js';
import { tellOfUnsavedWork } from '../home/unsavedNotice.js';
import { isVolumeFile } from '../home/volumeFiles.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { voxcordIcon } from '../ui/icons.js';
import { bundleOf } from './translation.js';
import { tellNews, tellProblem } from '../ui/notices.js';

/** Where one begins: the list of cases, the launcher card, and starting a case from a volume. */
export const homePlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:home',
  description: 'Lists the projects and cases of Voxcord and starts new ones.',
  autoStart: true,
  requires: [VoxcordServiceToken],
  optional: [
    ITranslator,
    ILabShell,
    ILayoutRestorer,
    IStateDB,
    ILauncher,
    ICommandPalette,
    IDefaultFileBrowser,
    CaseTrackerToken
  ],
  activate: (
    app: JupyterFrontEnd,
    service: VoxcordService,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    browser: IDefaultFileBrowser | null,
    cases: CaseTracker | null
  ): void => {
    const trans = bundleOf(translator);
    const { commands, shell } = app;
    const model = new HomeModel(service, new CaseMemory(state));
    const side = new HomePanel(model, commands, trans);
    side.id = 'voxcord-home-panel';
    shell.add(side, 'left', { rank: 600, type: 'Voxcord' });
    restorer?.add(side, side.id);

    // What a case leaves behind when it is closed is listed, what it takes up when it is opened is not any more.
    cases?.widgetAdded.connect((_, { content }) => {
      content.model.sessionChanged.connect(() => void model.noteOpenCases());
      content.disposed.connect(() => void model.noteOpenCases());
    });
    void app.restored.then(() => tellOfUnsavedWork(app, model.unsaved, cases, trans));

    const tracker = new WidgetTracker<MainAreaWidget<HomePanel>>({ namespace: 'voxcord-home' });
    commands.addCommand(CommandIDs.openHome, {
      label: args => (args['isLauncher'] === true ? trans.__('Cases') : trans.__('Voxcord Cases')),
      caption: trans.__('Open a case to read and paint together'),
      icon: voxcordIcon,
      describedBy: { args: { type: 'object', properties: { isLauncher: { type: 'boolean' } } } },
      execute: () => {
        const open = tracker.currentWidget;
        if (open !== null) {
          shell.activateById(open.id);
          return open;
        }
        const widget = new MainAreaWidget({ content: new HomePanel(model, commands, trans) });
        widget.toolbar.hide();
        widget.id = 'voxcord-home';
        widget.title.label = trans.__('Voxcord');
        widget.title.icon = voxcordIcon;
        widget.title.closable = true;
        void tracker.add(widget);
        shell.add(widget, 'main', { type: 'Voxcord' });
        shell.activateById(widget.id);
        return widget;
      }
    });
    void restorer?.restore(tracker, { command: CommandIDs.openHome, name: () => 'home' });

    const start = async (source: CaseSource, projectId: string | null = null): Promise<void> => {
      const { startWithNotice } = await import('../home/startNotice.js');
      await startWithNotice(app, service, source, projectId, trans);
    };
    const selectedVolume = (): string | null => {
      for (const { path, type } of browser?.selectedItems() ?? []) {
        if (type !== 'directory' && isVolumeFile(path)) return path;
      }
      return null;
    };
    commands.addCommand(CommandIDs.startCase, {
      label: trans.__('Start a Voxcord Case from This Volume'),
      icon: voxcordIcon,
      describedBy: {
        args: { type: 'object', properties: { path: { type: 'string', description: trans.__('A NIfTI file') } } }
      },
      isVisible: args => typeof args['path'] === 'string' || selectedVolume() !== null,
      execute: args => {
        const path = typeof args['path'] === 'string' ? args['path'] : selectedVolume();
        return path === null ? undefined : start({ kind: 'path', path });
      }
    });
    commands.addCommand(CommandIDs.startCaseFromBrowser, {
      label: trans.__('Start a Voxcord Case from the Selected Volume'),
      caption: trans.__('From the NIfTI file that is selected in the file browser'),
      icon: voxcordIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => {
        const path = selectedVolume();
        if (path !== null) return start({ kind: 'path', path });
        if (browser !== null) labShell?.activateById(browser.id);
        tellNews(trans.__('Select a .nii or .nii.gz file in the file browser, then start the case again.'));
        return undefined;
      }
    });
    commands.addCommand(CommandIDs.startCaseFromComputer, {
      label: args =>
        args['isLauncher'] === true ? trans.__('Start a case') : trans.__('Start a Voxcord Case from This Computer…'),
      caption: trans.__('From a NIfTI file (.nii or .nii.gz) of this computer'),
      icon: voxcordIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            isLauncher: { type: 'boolean' },
            project: { type: 'string', description: trans.__('Id of the project; otherwise one to paint in together') }
          }
        }
      },
      execute: async args => {
        const { chooseVolumeFile } = await import('../home/chooseVolumeFile.js');
        const file = await chooseVolumeFile();
        if (file === null) return;
        const project = args['project'];
        const source: CaseSource = { kind: 'file', file, folder: browser?.model.path ?? '' };
        if (isVolumeFile(file.name)) await start(source, typeof project === 'string' ? project : null);
        else tellProblem(trans.__('%1 is not a NIfTI file: its name must end in .nii or .nii.gz.', file.name));
      }
    });

    const category = trans.__('Voxcord');
    launcher?.add({ command: CommandIDs.openHome, args: { isLauncher: true }, category, rank: 1 });
    launcher?.add({
      command: CommandIDs.startCaseFromComputer,
      args: { isLauncher: true },
      category,
      rank: 2
    });
    palette?.addItem({ command: CommandIDs.openHome, category });
    palette?.addItem({ command: CommandIDs.startCaseFromBrowser, category });
    palette?.addItem({ command: CommandIDs.startCaseFromComputer, category });
  }
};
