import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import type { StudyDocument, StudyTab } from '../protocol/studyDocument.js';
import { addReadingCommands } from '../reading/readingCommands.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { protocolIcon } from '../ui/icons.js';
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
    const tracker = new WidgetTracker<MainAreaWidget<StudyDocument>>({ namespace: 'voxcord-studies' });

    const open = async (projectId: string, tab: StudyTab, caseId: string | null): Promise<void> => {
      const opened = tracker.find(({ content }) => content.projectId === projectId);
      if (opened !== undefined) {
        opened.content.turnTo(tab, caseId);
        shell.activateById(opened.id);
        return;
      }
      const { StudyDocument } = await import('../protocol/studyDocument.js');
      const content = new StudyDocument({ service, commands, projectId, tab, trans });
      if (caseId !== null) content.turnTo(tab, caseId);
      const widget = new MainAreaWidget({ content });
      widget.id = `voxcord-study-${projectId}`;
      widget.title.label = trans.__('Study');
      widget.title.icon = protocolIcon;
      widget.title.closable = true;
      content.changed.connect(() => {
        if (content.projectTitle !== '') widget.title.label = content.projectTitle;
        void tracker.save(widget);
      });
      void tracker.add(widget);
      shell.add(widget, 'main', { type: 'Voxcord' });
      shell.activateById(widget.id);
    };

    /** The project that is named, that of the case in front, or the only one that there is. */
    const projectFor = async (named: unknown): Promise<string | null> => {
      if (typeof named === 'string') return named;
      const inFront = front.view?.model.case?.projectId;
      if (inFront !== undefined) return inFront;
      const projects = await service.api.call('listProjects', {});
      if (projects.length === 1) return projects[0]?.id ?? null;
      await commands.execute(CommandIDs.openHome);
      Notification.info(trans.__('Choose the project: its protocol opens with the button beside its name.'), {
        autoClose: 8000
      });
      return null;
    };

    const addCommand = (id: string, tab: StudyTab, label: string, caption: string): void => {
      commands.addCommand(id, {
        label,
        caption,
        icon: protocolIcon,
        describedBy: {
          args: {
            type: 'object',
            properties: {
              project: {
                type: 'string',
                description: trans.__('Id of the project; otherwise that of the case in front')
              },
              case: { type: 'string', description: trans.__('Id of the case to show') }
            }
          }
        },
        execute: async args => {
          const project = await projectFor(args['project']);
          const named = args['case'];
          const caseId = typeof named === 'string' ? named : (front.view?.model.caseId ?? null);
          if (project !== null) await open(project, tab, tab === 'reads' ? caseId : null);
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
        const project = args['project'];
        if (typeof project !== 'string') return undefined;
        return open(project, tab === 'people' || tab === 'reads' ? tab : 'protocol', null);
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
        const project = await service.api.call('createProject', { body: { title, everyone: null } });
        service.noteCasesChanged();
        await open(project.id, 'protocol', null);
      }
    });
    addReadingCommands(commands, service, front, trans);
    for (const command of [CommandIDs.beginRead, CommandIDs.submitRead, CommandIDs.changePassphrase]) {
      palette?.addItem({ command, category: trans.__('Voxcord') });
    }

    void restorer?.restore(tracker, {
      command: CommandIDs.restoreStudy,
      args: ({ content }) => ({ project: content.projectId, tab: content.tab }),
      name: ({ content }) => content.projectId
    });

    window.addEventListener('beforeunload', event => {
      if (tracker.find(({ content }) => content.isAtRisk) !== undefined) event.preventDefault();
    });
  }
};
