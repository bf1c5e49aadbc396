import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import type { PrepareDocument } from '../releases/prepareDocument.js';
import type { ReleaseDocument } from '../releases/releaseDocument.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { releaseIcon } from '../ui/icons.js';
import { Pages } from './pages.js';
import { ProjectInQuestion } from './projectInQuestion.js';
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
    const project = new ProjectInQuestion(service, commands, new CaseInFront(cases, shell), trans);
    const releases = new Pages<ReleaseDocument>('voxcord-releases', shell, releaseIcon);
    const preparations = new Pages<PrepareDocument>('voxcord-release-preparations', shell, releaseIcon);

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
        const open = releases.reveal(releaseId);
        if (open !== null) return open;
        const { ReleaseDocument } = await import('../releases/releaseDocument.js');
        const content = new ReleaseDocument({ service, commands, releaseId, trans });
        const page = releases.add(releaseId, trans.__('Release'), content);
        content.model.changed.connect(() => {
          const { release } = content.model;
          if (release !== null) page.title.label = trans.__('Release %1', release.version);
        });
        return page;
      }
    });
    void restorer?.restore(releases.tracker, {
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
            project: project.argument,
            case: { type: 'string', description: trans.__('Id of the case that one comes from') }
          }
        }
      },
      execute: async args => {
        const projectId = await project.find(args['project']);
        if (projectId === null) return undefined;
        const open = preparations.reveal(projectId);
        if (open !== null) {
          void open.content.model.load();
          return open;
        }
        const { PrepareDocument } = await import('../releases/prepareDocument.js');
        const caseId = typeof args['case'] === 'string' ? args['case'] : null;
        const content = new PrepareDocument({ service, commands, projectId, caseId, trans });
        return preparations.add(projectId, trans.__('New release'), content);
      }
    });
    void restorer?.restore(preparations.tracker, {
      command: CommandIDs.prepareRelease,
      args: ({ content }) => ({ project: content.model.projectId }),
      name: ({ content }) => content.model.projectId
    });
    palette?.addItem({ command: CommandIDs.prepareRelease, category: trans.__('Voxcord') });
  }
};
