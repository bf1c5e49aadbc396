import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import { tellEndedJobs } from '../models/endedJobs.js';
import { mayRunModels } from '../models/mayRunModels.js';
import type { ModelsDocument } from '../models/modelsDocument.js';
import type { Wanted } from '../models/modelsPageModel.js';
import { VoxcordModels, VoxcordModelsToken } from '../models/voxcordModels.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { modelIcon } from '../ui/icons.js';
import { Pages } from './pages.js';
import { bundleOf } from './translation.js';

/** There is one page of models. */
const PAGE = 'page';

/** Models as readers among readers: which there are, running them, and what became of it. */
export const modelsPlugin: JupyterFrontEndPlugin<VoxcordModels> = {
  id: '@voxcord/extension:models',
  description: 'Lists the models of the Voxcord service, runs them on cases and tells when they are done.',
  autoStart: true,
  provides: VoxcordModelsToken,
  requires: [VoxcordServiceToken, CaseTrackerToken],
  optional: [ITranslator, ILayoutRestorer, ILauncher, ICommandPalette, IRenderMimeRegistry],
  activate: (
    app: JupyterFrontEnd,
    service: VoxcordService,
    cases: CaseTracker,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    rendermime: IRenderMimeRegistry | null
  ): VoxcordModels => {
    const trans = bundleOf(translator);
    const { commands, shell } = app;
    const front = new CaseInFront(cases, shell);
    const models = new VoxcordModels(service);
    const pages = new Pages<ModelsDocument>('voxcord-models', shell, modelIcon);
    models.ended.connect((_, ended) => {
      // Who looks at the jobs sees it there.
      const isSeen = pages.tracker.find(({ isVisible, content }) => isVisible && content.shows(ended.projectId));
      if (isSeen === undefined || document.hidden) tellEndedJobs(ended, commands, trans);
    });

    const open = async (wanted: Wanted): Promise<unknown> => {
      const opened = pages.reveal(PAGE);
      if (opened !== null) {
        opened.content.lookFor(wanted);
        return opened;
      }
      const { ModelsDocument } = await import('../models/modelsDocument.js');
      const content = new ModelsDocument({ api: service.api, models, commands, rendermime, trans });
      const page = pages.add(PAGE, trans.__('Models'), content);
      content.model.changed.connect(() => void pages.tracker.save(page));
      content.lookFor(wanted);
      return page;
    };

    const project = {
      type: 'string',
      description: trans.__('Id of the project to run models in; otherwise that of the case in front')
    };
    const inFront = (named: unknown): string | null =>
      typeof named === 'string' ? named : (front.view?.model.case?.projectId ?? null);
    commands.addCommand(CommandIDs.openModels, {
      label: trans.__('Models'),
      caption: trans.__('Models that label cases: what they are for, running them, their results'),
      icon: modelIcon,
      describedBy: { args: { type: 'object', properties: { project } } },
      execute: args => open({ projectId: inFront(args['project']), caseId: null, model: null })
    });
    commands.addCommand(CommandIDs.runModel, {
      label: trans.__('Run a Model…'),
      caption: trans.__('Have a model label this case, as a reader among readers'),
      icon: modelIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            project,
            case: { type: 'string', description: trans.__('Id of the case; otherwise the one in front') },
            name: { type: 'string', description: trans.__('Name of the model') },
            version: { type: 'string', description: trans.__('Version of the model') }
          }
        }
      },
      isEnabled: args => typeof args['case'] === 'string' || mayRunModels(front.view),
      execute: args => {
        const { name, version } = args;
        return open({
          projectId: inFront(args['project']),
          caseId: typeof args['case'] === 'string' ? args['case'] : (front.view?.model.caseId ?? null),
          model: typeof name === 'string' && typeof version === 'string' ? { name, version } : null
        });
      }
    });
    let could = false;
    front.changed.connect(() => {
      if (mayRunModels(front.view) === could) return;
      could = !could;
      commands.notifyCommandChanged(CommandIDs.runModel);
    });

    void restorer?.restore(pages.tracker, {
      command: CommandIDs.openModels,
      args: ({ content }) => (content.model.project === null ? {} : { project: content.model.project.id }),
      name: () => PAGE
    });
    launcher?.add({ command: CommandIDs.openModels, category: trans.__('Voxcord'), rank: 2 });
    for (const command of [CommandIDs.openModels, CommandIDs.runModel]) {
      palette?.addItem({ command, category: trans.__('Voxcord') });
    }
    return models;
  }
};
