import { compiledModule } from '../../threads/compiledModule.js';
import { runInThread } from '../../threads/runInThread.js';
import type { TaskOutcome } from '../../threads/taskOutcome.js';
import type { CopyTask } from './copyStrokes.js';

export interface CopyAnswer {
  readonly records: readonly Uint8Array[];
}

/** Makes strokes in a thread of its own. */
export async function runCopyStrokes(task: CopyTask): Promise<readonly Uint8Array[]> {
  const module = compiledModule(import.meta.url, 'copyStrokesWorker');
  const forEver = new AbortController().signal;
  const { records } = await runInThread(module, task, forEver, (answer): TaskOutcome<CopyAnswer> =>
    isAnswer(answer) ? { state: 'done', result: answer } : { state: 'running' }
  );
  return records;
}

function isAnswer(answer: unknown): answer is CopyAnswer {
  return typeof answer === 'object' && answer !== null && 'records' in answer;
}
