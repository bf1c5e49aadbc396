import { randomUUID } from 'node:crypto';
import { createWriteStream, openSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { RefusedError } from './commandErrors.js';

/** What becomes a file: its bytes, piece by piece; compressed if its name ends with `.gz`. */
export interface NewFile {
  readonly file: string;
  readonly chunks: Iterable<Uint8Array>;
}

const GZIP_LEVEL = 4;
/** What ends a command from outside; Node would leave everything as it is then. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Writes files that appear once all of them are whole: if one cannot be written, or the command is interrupted before,
 * everything stays as it was. They take their names one after the other. Rejects with `RefusedError`
 * (`output.unwritable`), or with what the chunks are made of rejects with.
 */
export async function writeWholeFiles(files: readonly NewFile[]): Promise<void> {
  const partials = files.map(({ file }) => `${file}.${randomUUID()}.part`);
  const discard = (): void => partials.forEach(partial => rmSync(partial, { force: true }));
  const interrupt = (signal: NodeJS.Signals): void => {
    discard();
    stopListening();
    process.kill(process.pid, signal);
  };
  const stopListening = (): void => SIGNALS.forEach(signal => process.off(signal, interrupt));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    for (const [n, { file, chunks }] of files.entries()) {
      await refusing(file, () => writeFile(partials[n] ?? '', chunks, /\.gz$/i.test(file)));
    }
    for (const [n, { file }] of files.entries()) await refusing(file, () => rename(partials[n] ?? '', file));
  } catch (error) {
    discard();
    throw error;
  } finally {
    stopListening();
  }
}

async function writeFile(file: string, chunks: Iterable<Uint8Array>, isCompressed: boolean): Promise<void> {
  // Opened at once: a file that is made after an interruption would stay behind.
  const target = createWriteStream(file, { fd: openSync(file, 'wx'), flush: true });
  const source = Readable.from(chunks, { objectMode: true });
  if (isCompressed) await pipeline(source, createGzip({ level: GZIP_LEVEL }), target);
  else await pipeline(source, target);
}

async function refusing(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new RefusedError('output.unwritable', `${file} cannot be written. Check its folder and the free space.`, {
      cause
    });
  }
}

/** Of the file system, and not of what computes the content. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
