import { workInBackground } from '../../processes/workInBackground.js';
import { InferenceError } from '../errors.js';
import { PromptedModels } from './promptedModels.js';
import type { PromptedReply, PromptedRequest } from './promptedTask.js';

/*
 * Answers clicks, one after the other, until whoever started it ends it or is gone. Started by `promptedRunner.ts` with a
 * channel.
 */

const FEATURE_BYTES = 256 * 1024 * 1024;

// Somebody waits for the answer, but strokes of others come first.
workInBackground().take('some');

const models = new PromptedModels(FEATURE_BYTES);
let turn: Promise<void> = Promise.resolve();

process.on('message', (request: PromptedRequest) => {
  turn = turn.then(() => answer(request));
});

async function answer({ number, task, image }: PromptedRequest): Promise<void> {
  try {
    const found = await models.answer(task, image);
    send(found === null ? { number, kind: 'image-wanted' } : { number, kind: 'found', answer: found });
  } catch (error) {
    const { code, message } = asInferenceError(error);
    send({ number, kind: 'failed', code, text: message });
  }
}

function send(reply: PromptedReply): void {
  process.send?.(reply);
}

function asInferenceError(error: unknown): InferenceError {
  if (error instanceof InferenceError) return error;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new InferenceError('inference.crashed', `The model failed: ${told}`, { cause: error });
}
