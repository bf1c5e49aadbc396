import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import type { AgreementDocument } from '../agreement/agreementDocument.js';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { agreementIcon } from '../ui/icons.js';
import { bundleOf } from './translation.js';

/** How far the readers of a project agree, over all its cases, as a page. */
export const agreementPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:agreement',
  description: 'Opens the agreement of readers over the cases of a project.',
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
    const tracker = new WidgetTracker<MainAreaWidget<AgreementDocument>>({ namespace: 'voxcord-agreement' });
    commands.addCommand(CommandIDs.openAgreement, {
      label: trans.__('Agreement of Readers'),
      caption: trans.__('How far readers agree over the cases of a project'),
      icon: agreementIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            project: {
              type: 'string',
              description: trans.__('Id of the project; otherwise that of the case in front')
            }
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
        const open = tracker.find(({ content }) => content.model.projectId === projectId);
        if (open !== undefined) {
          void open.content.model.load();
          shell.activateById(open.id);
          return open;
        }
        const { AgreementDocument } = await import('../agreement/agreementDocument.js');
        const content = new AgreementDocument({ api: service.api, commands, projectId, trans });
        const widget = new MainAreaWidget({ content });
        widget.toolbar.hide();
        widget.id = `voxcord-agreement-${projectId}`;
        widget.title.label = trans.__('Agreement');
        widget.title.icon = agreementIcon;
        widget.title.closable = true;
        void tracker.add(widget);
        shell.add(widget, 'main', { type: 'Voxcord' });
        shell.activateById(widget.id);
        return widget;
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openAgreement,
      args: ({ content }) => ({ project: content.model.projectId }),
      name: ({ content }) => content.model.projectId
    });
    palette?.addItem({ command: CommandIDs.openAgreement, category: trans.__('Voxcord') });
  }
};
