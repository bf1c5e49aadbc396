import { compiledModule } from '../threads/compiledModule.js';
import { runInThread } from '../threads/runInThread.js';
import type { TaskOutcome } from '../threads/taskOutcome.js';
import type { DecisionCheckTask, DecisionOutcome } from './adjudication/decisionCheck.js';
import type { MeasuredTruth, MeasureTask } from './releases/measureTruth.js';
import type { ComputedDifference, DifferenceTask } from './differences/computeDifference.js';

export type LabelMapTask = DecisionCheckTask | DifferenceTask | MeasureTask;

export type LabelMapAnswer =
  | { readonly kind: 'decisions'; readonly outcomes: DecisionOutcome[] }
  | { readonly kind: 'difference'; readonly difference: ComputedDifference }
  | { readonly kind: 'measure'; readonly measured: MeasuredTruth };

const FOR_EVER = new AbortController().signal;

/** Compares decisions with what was submitted, in a thread of its own. */
export async function runDecisionCheck(task: DecisionCheckTask): Promise<DecisionOutcome[]> {
  const answer = await run(task, FOR_EVER);
  if (answer.kind === 'decisions') return answer.outcomes;
  throw anotherAnswer();
}

/** Compares two label maps, in a thread of its own. */
export async function runDifference(task: DifferenceTask, signal: AbortSignal = FOR_EVER): Promise<ComputedDifference> {
  const answer = await run(task, signal);
  if (answer.kind === 'difference') return answer.difference;
  throw anotherAnswer();
}

/** Counts what a truth holds, in a thread of its own. */
export async function runMeasure(task: MeasureTask, signal: AbortSignal = FOR_EVER): Promise<MeasuredTruth> {
  const answer = await run(task, signal);
  if (answer.kind === 'measure') return answer.measured;
  throw anotherAnswer();
}

function anotherAnswer(): Error {
  return new Error('The thread has answered another question.');
}

function run(task: LabelMapTask, signal: AbortSignal): Promise<LabelMapAnswer> {
  const module = compiledModule(import.meta.url, 'labelMapWorker');
  return runInThread(module, task, signal, (answer): TaskOutcome<LabelMapAnswer> =>
    isAnswer(answer) ? { state: 'done', result: answer } : { state: 'running' }
  );
}

function isAnswer(answer: unknown): answer is LabelMapAnswer {
  return typeof answer === 'object' && answer !== null && 'kind' in answer;
}
