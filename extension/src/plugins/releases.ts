import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import type { PrepareDocument } from '../releases/prepareDocument.js';
import type { ReleaseDocument } from '../releases/releaseDocument.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { releaseIcon } from '../ui/icons.js';
import { bundleOf } from './translation.js';

/** Releases of ground truth as pages: put together, signed, checked, printed. */
export const releasesPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:releases',
  description: 'Opens releases of ground truth, and puts new ones together.',
  autoStart: true,
  requires: [VoxcordServiceToken, CaseTrackerToken],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    service: VoxcordService,
    cases: CaseTracker,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = bundleOf(translator);
    const { commands, shell } = app;
    const front = new CaseInFront(cases, shell);
    const released = new WidgetTracker<MainAreaWidget<ReleaseDocument>>({ namespace: 'voxcord-releases' });
    const prepared = new WidgetTracker<MainAreaWidget<PrepareDocument>>({ namespace: 'voxcord-release-preparations' });

    commands.addCommand(CommandIDs.openRelease, {
      label: trans.__('Open a Release'),
      icon: releaseIcon,
      describedBy: {
        args: { type: 'object', properties: { release: { type: 'string' } }, required: ['release'] }
      },
      isVisible: args => typeof args['release'] === 'string',
      execute: async args => {
        const releaseId = args['release'];
        if (typeof releaseId !== 'string') throw new Error(trans.__('Say which release: its id.'));
        const open = released.find(({ content }) => content.releaseId === releaseId);
        if (open !== undefined) {
          shell.activateById(open.id);
          return open;
        }
        const { ReleaseDocument } = await import('../releases/releaseDocument.js');
        const content = new ReleaseDocument({ service, commands, releaseId, trans });
        const widget = new MainAreaWidget({ content });
        widget.toolbar.hide();
        widget.id = `voxcord-release-${releaseId}`;
        widget.title.label = trans.__('Release');
        widget.title.icon = releaseIcon;
        widget.title.closable = true;
        content.model.changed.connect(() => {
          const { release } = content.model;
          if (release !== null) widget.title.label = trans.__('Release %1', release.version);
        });
        void released.add(widget);
        shell.add(widget, 'main', { type: 'Voxcord' });
        shell.activateById(widget.id);
        return widget;
      }
    });
    void restorer?.restore(released, {
      command: CommandIDs.openRelease,
      args: ({ content }) => ({ release: content.releaseId }),
      name: ({ content }) => content.releaseId
    });

    commands.addCommand(CommandIDs.prepareRelease, {
      label: trans.__('Prepare a Release'),
      caption: trans.__('Ground truth of decided cases, to be signed'),
      icon: releaseIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            project: {
              type: 'string',
              description: trans.__('Id of the project; otherwise that of the case in front')
            },
            case: { type: 'string', description: trans.__('Id of the case that one comes from') }
          }
        }
      },
      execute: async args => {
        const named = args['project'];
        const projectId = typeof named === 'string' ? named : front.view?.model.case?.projectId;
        if (projectId === undefined) {
          await commands.execute(CommandIDs.openHome);
          Notification.info(trans.__('Open a case of the project first.'));
          return undefined;
        }
        const open = prepared.find(({ content }) => content.model.projectId === projectId);
        if (open !== undefined) {
          void open.content.model.load();
          shell.activateById(open.id);
          return open;
        }
        const { PrepareDocument } = await import('../releases/prepareDocument.js');
        const caseId = typeof args['case'] === 'string' ? args['case'] : null;
        const content = new PrepareDocument({ service, commands, projectId, caseId, trans });
        const widget = new MainAreaWidget({ content });
        widget.toolbar.hide();
        widget.id = `voxcord-prepare-release-${projectId}`;
        widget.title.label = trans.__('New release');
        widget.title.icon = releaseIcon;
        widget.title.closable = true;
        void prepared.add(widget);
        shell.add(widget, 'main', { type: 'Voxcord' });
        shell.activateById(widget.id);
        return widget;
      }
    });
    void restorer?.restore(prepared, {
      command: CommandIDs.prepareRelease,
      args: ({ content }) => ({ project: content.model.projectId }),
      name: ({ content }) => content.model.projectId
    });
    palette?.addItem({ command: CommandIDs.prepareRelease, category: trans.__('Voxcord') });
  }
};
