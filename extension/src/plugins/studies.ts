import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import type { StudyDocument } from '../protocol/studyDocument.js';
import { isStudyTab, type StudyTab } from '../protocol/studyTabs.js';
import { addReadingCommands } from '../reading/readingCommands.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { protocolIcon } from '../ui/icons.js';
import { Pages } from './pages.js';
import { ProjectInQuestion } from './projectInQuestion.js';
import { bundleOf } from './translation.js';

/** Protocols, people and assignments: how a study is led. */
export const studiesPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:studies',
  description: 'Opens the protocol of a project, its people and who reads which case.',
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
    const project = new ProjectInQuestion(service, commands, front, trans);
    const pages = new Pages<StudyDocument>('voxcord-studies', shell, protocolIcon);

    const open = async (projectId: string, tab: StudyTab, caseId: string | null): Promise<void> => {
      const opened = pages.reveal(projectId);
      if (opened !== null) {
        opened.content.turnTo(tab, caseId);
        return;
      }
      const { StudyDocument } = await import('../protocol/studyDocument.js');
      const content = new StudyDocument({ service, commands, projectId, tab, trans });
      if (caseId !== null) content.turnTo(tab, caseId);
      const page = pages.add(projectId, trans.__('Study'), content);
      content.changed.connect(() => {
        if (content.projectTitle !== '') page.title.label = content.projectTitle;
        void pages.tracker.save(page);
      });
    };

    cases.widgetAdded.connect((_, { content }) => {
      content.readersWanted.connect(({ model }) => {
        if (model.case !== null) void open(model.case.projectId, 'reads', model.case.id);
      });
    });

    const addCommand = (id: string, tab: StudyTab, label: string, caption: string): void => {
      commands.addCommand(id, {
        label,
        caption,
        icon: protocolIcon,
        describedBy: {
          args: {
            type: 'object',
            properties: {
              project: project.argument,
              case: { type: 'string', description: trans.__('Id of the case to show') }
            }
          }
        },
        execute: async args => {
          const projectId = await project.find(args['project']);
          const named = args['case'];
          const caseId = typeof named === 'string' ? named : (front.view?.model.caseId ?? null);
          if (projectId !== null) await open(projectId, tab, tab === 'reads' ? caseId : null);
        }
      });
      palette?.addItem({ command: id, category: trans.__('Voxcord') });
    };
    addCommand(
      CommandIDs.editProtocol,
      'protocol',
      trans.__('Edit Protocol'),
      trans.__('What is labelled, who reads, and how several reads become one truth')
    );
    addCommand(
      CommandIDs.showMembers,
      'people',
      trans.__('People of the Project'),
      trans.__('Who takes part, in which role, with which qualification')
    );
    addCommand(
      CommandIDs.assignReaders,
      'reads',
      trans.__('Assign Readers'),
      trans.__('Give cases to readers and see how far they are')
    );
    addCommand(
      CommandIDs.groupCases,
      'groups',
      trans.__('Group Cases'),
      trans.__('Say what cases differ in, to see figures for each group')
    );

    commands.addCommand(CommandIDs.restoreStudy, {
      label: trans.__('Open a Study'),
      isVisible: () => false,
      describedBy: {
        args: {
          type: 'object',
          properties: { project: { type: 'string' }, tab: { type: 'string' } },
          required: ['project']
        }
      },
      execute: args => {
        const tab = args['tab'];
        const projectId = args['project'];
        if (typeof projectId !== 'string') return undefined;
        return open(projectId, isStudyTab(tab) ? tab : 'protocol', null);
      }
    });
    commands.addCommand(CommandIDs.newProject, {
      label: trans.__('Begin a Study'),
      caption: trans.__('A project of its own, with a protocol'),
      icon: protocolIcon,
      describedBy: {
        args: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] }
      },
      isVisible: args => typeof args['title'] === 'string',
      execute: async args => {
        const title = args['title'];
        if (typeof title !== 'string') return;
        const { id } = await service.api.call('createProject', { body: { title, everyone: null } });
        service.noteCasesChanged();
        await open(id, 'protocol', null);
      }
    });
    addReadingCommands(commands, service, front, trans);
    for (const command of [CommandIDs.beginRead, CommandIDs.submitRead, CommandIDs.changePassphrase]) {
      palette?.addItem({ command, category: trans.__('Voxcord') });
    }

    void restorer?.restore(pages.tracker, {
      command: CommandIDs.restoreStudy,
      args: ({ content }) => ({ project: content.projectId, tab: content.tab }),
      name: ({ content }) => content.projectId
    });

    window.addEventListener('beforeunload', event => {
      if (pages.tracker.find(({ content }) => content.isAtRisk) !== undefined) event.preventDefault();
    });
  }
};
