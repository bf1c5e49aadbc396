import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import type { AgreementDocument } from '../agreement/agreementDocument.js';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { agreementIcon } from '../ui/icons.js';
import { Pages } from './pages.js';
import { ProjectInQuestion } from './projectInQuestion.js';
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
    const project = new ProjectInQuestion(service, commands, new CaseInFront(cases, shell), trans);
    const pages = new Pages<AgreementDocument>('voxcord-agreement', shell, agreementIcon);
    commands.addCommand(CommandIDs.openAgreement, {
      label: trans.__('Agreement of Readers'),
      caption: trans.__('How far readers agree over the cases of a project'),
      icon: agreementIcon,
      describedBy: { args: { type: 'object', properties: { project: project.argument } } },
      execute: async args => {
        const projectId = await project.find(args['project']);
        if (projectId === null) return undefined;
        const open = pages.reveal(projectId);
        if (open !== null) {
          void open.content.model.load();
          return open;
        }
        const { AgreementDocument } = await import('../agreement/agreementDocument.js');
        const content = new AgreementDocument({ api: service.api, commands, projectId, trans });
        return pages.add(projectId, trans.__('Agreement'), content);
      }
    });
    void restorer?.restore(pages.tracker, {
      command: CommandIDs.openAgreement,
      args: ({ content }) => ({ project: content.model.projectId }),
      name: ({ content }) => content.model.projectId
    });
    palette?.addItem({ command: CommandIDs.openAgreement, category: trans.__('Voxcord') });
  }
};
