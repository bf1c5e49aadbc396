import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import { CaseMemory } from '../case/caseMemory.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import { HomeModel } from '../home/homeModel.js';
import { HomePanel } from '../home/homePanel.js';
import type { UnsavedWork } from '../home/unsavedWork.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { voxcordIcon } from '../ui/icons.js';
import { bundleOf } from './translation.js';

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
      content.model.sessionChanged.connect(() => void model.unsaved.look());
      content.disposed.connect(() => void model.unsaved.look());
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
        return path === null ? undefined : startWithNotice(app, service, path, trans);
      }
    });
    commands.addCommand(CommandIDs.startCaseFromBrowser, {
      label: args =>
        args['isLauncher'] === true
          ? trans.__('Start a case')
          : trans.__('Start a Voxcord Case from the Selected Volume'),
      caption: trans.__('From the NIfTI file that is selected in the file browser'),
      icon: voxcordIcon,
      describedBy: { args: { type: 'object', properties: { isLauncher: { type: 'boolean' } } } },
      execute: () => {
        const path = selectedVolume();
        if (path !== null) return startWithNotice(app, service, path, trans);
        if (browser !== null) labShell?.activateById(browser.id);
        Notification.info(trans.__('Select a .nii or .nii.gz file in the file browser, then start the case again.'));
        return undefined;
      }
    });

    const category = trans.__('Voxcord');
    launcher?.add({ command: CommandIDs.openHome, args: { isLauncher: true }, category, rank: 1 });
    launcher?.add({
      command: CommandIDs.startCaseFromBrowser,
      args: { isLauncher: true },
      category,
      rank: 2
    });
    palette?.addItem({ command: CommandIDs.openHome, category });
    palette?.addItem({ command: CommandIDs.startCaseFromBrowser, category });
  }
};

export function isVolumeFile(path: string): boolean {
  return /\.nii(\.gz)?$/i.test(path);
}

/** Longest wait for the cases of the restored layout to take up what is theirs. */
const SETTLING = 20_000;

/** At the start of a page: changes of an earlier visit that no open case has taken up. */
async function tellOfUnsavedWork(
  app: JupyterFrontEnd,
  unsaved: UnsavedWork,
  cases: CaseTracker | null,
  trans: TranslationBundle
): Promise<void> {
  const opening: Promise<void>[] = [];
  cases?.forEach(({ content }) => opening.push(content.model.whenSettled()));
  await Promise.race([Promise.all(opening), new Promise(resolve => setTimeout(resolve, SETTLING))]);
  await unsaved.look();
  for (const { caseId, readId, title, count } of unsaved.reads) {
    // An open case tells by itself what it could not save.
    if (cases?.find(({ content }) => content.model.read?.id === readId) !== undefined) continue;
    const message = trans._n('%1 change to %2 is not saved yet.', '%1 changes to %2 are not saved yet.', count, title);
    Notification.warning(message, {
      autoClose: false,
      actions: [
        {
          label: trans.__('Open'),
          callback: () => void app.commands.execute(CommandIDs.openCase, { case: caseId, read: readId })
        }
      ]
    });
  }
}

/** Starts a case in the background, with progress and a way to cancel, and opens it. */
async function startWithNotice(
  app: JupyterFrontEnd,
  service: VoxcordService,
  path: string,
  trans: TranslationBundle
): Promise<void> {
  const { commands } = app;
  const { startCase } = await import('../home/startCase.js');
  const { isAbort, messageOf } = await import('../client/problems.js');
  const abort = new AbortController();
  const notice = Notification.emit(trans.__('Starting a case from %1…', path), 'in-progress', {
    autoClose: false,
    actions: [{ label: trans.__('Cancel'), callback: () => abort.abort() }]
  });
  try {
    const started = await startCase(service, app.serviceManager.contents, path, {
      signal: abort.signal,
      onProgress: progress => void Notification.update({ id: notice, progress }),
      newProjectTitle: trans.__('Cases of %1', (await service.me()).person.displayName),
      firstSegment: trans.__('Segment 1')
    });
    Notification.dismiss(notice);
    await commands.execute(CommandIDs.openCase, { path: started.path });
  } catch (reason) {
    Notification.update(
      isAbort(reason)
        ? {
            id: notice,
            message: trans.__('Cancelled. Nothing was started.'),
            type: 'info',
            autoClose: 3000,
            actions: []
          }
        : { id: notice, message: messageOf(reason), type: 'error', actions: [] }
    );
  }
}
