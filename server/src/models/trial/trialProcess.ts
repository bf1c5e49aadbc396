import { InferenceError } from '../../inference/errors.js';
import { workInBackground } from '../../processes/workInBackground.js';
import { ModelError } from '../errors.js';
import { readWeights, weightsOf } from '../modelFolder.js';
import { inspectOnnx } from '../onnx/inspectOnnx.js';
import type { TrialMessage, TrialTask } from './trialTask.js';
import { tryModel } from './tryModel.js';

/*
 * Looks into the networks of one model and runs them once. Started by `runTrial.ts` with a channel, over which it is sent
 * a `TrialTask`.
 */

workInBackground().take('little');

process.once('message', (task: TrialTask) => {
  trial(task).then(
    () => send({ kind: 'passed' }),
    (error: unknown) => {
      const { code, message } = asModelError(error);
      send({ kind: 'failed', code, text: message });
    }
  );
});

async function trial({ folder, file }: TrialTask): Promise<void> {
  // All files are read before any is loaded: what is loaded are the bytes that were inspected.
  const contents = new Map<string, Uint8Array>();
  for (const weights of weightsOf(file)) {
    const bytes = await readWeights(folder, weights);
    inspectOnnx(bytes, weights.file, weights.opset);
    contents.set(weights.file, bytes);
  }
  // ONNX Runtime comes into this process only for what has passed so far.
  const { openSession } = await import('../../inference/onnx/onnxSession.js');
  await tryModel(file, weights => openSession(contents.get(weights.file) ?? new Uint8Array(), ['cpu']));
}

function send(message: TrialMessage): void {
  process.send?.(message);
}

function asModelError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof InferenceError) {
    const { code, message } = error;
    if (code === 'inference.no-memory') return new ModelError('model.no-memory', message);
    if (code === 'inference.not-an-onnx') return new ModelError('model.not-onnx', `${message} Export it again.`);
    if (code === 'inference.wrong-shape') return new ModelError('model.shape', message);
    return new ModelError('model.crashed', message);
  }
  if (error instanceof RangeError) {
    return new ModelError('model.no-memory', 'There is not enough memory to run the model on this machine.');
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ModelError('model.crashed', `The trial of the model failed: ${told}`);
}
