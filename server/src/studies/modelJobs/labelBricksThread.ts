import { compiledModule } from '../../threads/compiledModule.js';
import { runInThread } from '../../threads/runInThread.js';
import type { TaskOutcome } from '../../threads/taskOutcome.js';
import type { LabelBricks, LabelBricksTask } from './labelBricks.js';
import { ModelJobError } from './modelJobError.js';

export interface LabelBricksAnswer {
  readonly made: LabelBricks | null;
}

/** Makes bricks in a thread of its own. Rejects with `ModelJobError` (`model-job.damaged-result`), `ThreadCancelled`. */
export async function runLabelBricks(task: LabelBricksTask, signal: AbortSignal): Promise<LabelBricks> {
  const module = compiledModule(import.meta.url, 'labelBricksWorker');
  const { made } = await runInThread(module, task, signal, (answer): TaskOutcome<LabelBricksAnswer> =>
    isAnswer(answer) ? { state: 'done', result: answer } : { state: 'running' }
  );
  if (made !== null) return made;
  throw new ModelJobError(
    'model-job.damaged-result',
    'The model has left a result of another size than the image. Run it again; if that does not help, report it.'
  );
}

function isAnswer(answer: unknown): answer is LabelBricksAnswer {
  return typeof answer === 'object' && answer !== null && 'made' in answer;
}
