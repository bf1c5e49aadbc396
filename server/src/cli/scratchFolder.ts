import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { RefusedError } from './commandErrors.js';

/** What ends a command from outside; Node would leave everything as it is then. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Gives `work` a folder beside `file`, on the same disk, and a signal that is aborted when the command is interrupted. The
 * folder is gone when this settles; an interrupted command ends by the signal that it was sent. Rejects with `RefusedError`
 * (`output.unwritable`).
 */
export async function withScratchFolder<Result>(
  file: string,
  work: (folder: string, signal: AbortSignal) => Promise<Result>
): Promise<Result> {
  const folder = await mkdtemp(path.join(path.dirname(file), '.voxcord-')).catch((cause: unknown) => {
    throw new RefusedError('output.unwritable', `${file} cannot be written. Check its folder and the free space.`, {
      cause
    });
  });
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  const controller = new AbortController();
  const interruptions: NodeJS.Signals[] = [];
  const interrupt = (signal: NodeJS.Signals): void => {
    interruptions.push(signal);
    stopListening();
    discard();
    controller.abort();
  };
  const stopListening = (): void => SIGNALS.forEach(signal => process.off(signal, interrupt));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(folder, controller.signal);
  } finally {
    stopListening();
    discard();
    for (const signal of interruptions) process.kill(process.pid, signal);
  }
}
