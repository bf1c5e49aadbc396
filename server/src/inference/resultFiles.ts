import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { InferenceError } from './errors.js';

/** Codes of the system for: no room. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A new file that is written in pieces, anywhere in it. Throws `InferenceError` (`inference.disk-full`, `inference.unwritable`). */
export class ResultFile {
  private readonly file: number;

  constructor(path: string) {
    this.file = telling(() => openSync(path, 'wx', 0o600));
  }

  /** Puts numbers at this byte, little-endian. */
  write(values: Uint8Array | Float32Array, position: number): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let written = 0; written < bytes.byteLength;) {
      written += telling(() => writeSync(this.file, bytes, written, bytes.byteLength - written, position + written));
    }
  }

  /** Makes sure that it is on the disk. */
  finish(): void {
    telling(() => fsyncSync(this.file));
    telling(() => closeSync(this.file));
  }
}

function telling<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    throw writingFailed(cause);
  }
}

export function writingFailed(cause: unknown): InferenceError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (FULL.includes(code)) {
    return new InferenceError(
      'inference.disk-full',
      'The disk is full, so the result could not be written; nothing of it is left. Make room and run the model again.',
      { cause }
    );
  }
  return new InferenceError(
    'inference.unwritable',
    `The result cannot be written (${code === '' ? String(cause) : code}). Check the folder and run the model again.`,
    { cause }
  );
}
