import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';
import { CaseInFront } from '../case/caseInFront.js';
import { type CaseTracker, CaseTrackerToken } from '../case/caseTracker.js';
import { CaseView } from '../case/caseView.js';
import { CommandIDs } from '../commandIds.js';
import type { EvaluationDocument } from '../evaluation/evaluationDocument.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { evaluationIcon } from '../ui/icons.js';
import { Pages } from './pages.js';
import { ProjectInQuestion } from './projectInQuestion.js';
import { bundleOf } from './translation.js';

/** Readers, models before all, against the releases of a project. */
export const evaluationPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:evaluation',
  description: 'Evaluates readers and models against ground truth that is released.',
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
    const pages = new Pages<EvaluationDocument>('voxcord-evaluations', shell, evaluationIcon);
    const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    commands.addCommand(CommandIDs.evaluate, {
      label: trans.__('Evaluate against a Release'),
      caption: trans.__('How good a model or a reader is against ground truth that is released'),
      icon: evaluationIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            project: project.argument,
            release: { type: 'string', description: trans.__('Id of the release; otherwise the newest one') },
            reader: { type: 'string', description: trans.__('Username of the reader, model:NAME@VERSION of a model') }
          }
        }
      },
      execute: async args => {
        const projectId = await project.find(args['project']);
        if (projectId === null) return undefined;
        const wanted = { release: text(args['release']), reader: text(args['reader']) };
        const open = pages.reveal(projectId);
        if (open !== null) {
          void open.content.model.lookFor(wanted);
          return open;
        }
        const { EvaluationDocument } = await import('../evaluation/evaluationDocument.js');
        const onOpen = (caseId: string, centre: readonly [number, number, number] | null): void =>
          void openCaseAt(app, caseId, centre);
        const content = new EvaluationDocument({ api: service.api, commands, projectId, wanted, onOpen, trans });
        return pages.add(projectId, trans.__('Evaluation'), content);
      }
    });
    void restorer?.restore(pages.tracker, {
      command: CommandIDs.evaluate,
      args: ({ content }) => ({ project: content.model.projectId }),
      name: ({ content }) => content.model.projectId
    });
    palette?.addItem({ command: CommandIDs.evaluate, category: trans.__('Voxcord') });
  }
};

/** Opens a case and goes to a place in it (world mm), as soon as there is a picture. */
async function openCaseAt(
  { commands }: JupyterFrontEnd,
  caseId: string,
  centre: readonly [number, number, number] | null
): Promise<void> {
  const opened: unknown = await commands.execute(CommandIDs.openCase, { case: caseId });
  const content: unknown = opened instanceof MainAreaWidget ? opened.content : null;
  if (!(content instanceof CaseView) || centre === null) return;
  const { viewer } = content;
  const go = (): boolean => {
    if (viewer.phase.phase !== 'ready') return false;
    viewer.goTo(centre);
    return true;
  };
  if (go()) return;
  const onPhase = (): void => {
    if (go()) viewer.phaseChanged.disconnect(onPhase);
  };
  viewer.phaseChanged.connect(onPhase);
}
