import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from './errors.js';

const CHUNK = 1024 * 1024;

/**
 * A plain file of a model folder, whole: no link, no device, no longer than `most` bytes. Throws `ModelError`
 * (`model.file-missing`, `model.not-a-file`, `model.too-large`, `model.unreadable`).
 */
export function readPlainFile(folder: string, name: string, most: number): Promise<Buffer> {
  return withPlainFile(folder, name, most, async (file, size) => {
    const bytes = Buffer.allocUnsafe(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await file.read(bytes, length, size - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  });
}

/** SHA-256 of a plain file, in little memory. Throws as `readPlainFile`. */
export function hashPlainFile(folder: string, name: string, most: number): Promise<string> {
  return withPlainFile(folder, name, most, async (file, size) => {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, size)));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  });
}

/** Of a file that need not be the text that it should. Throws `ModelError` (`model.unreadable`). */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ModelError('model.unreadable', `${name} is no text in UTF-8. Save it as such.`, { cause });
  }
}

async function withPlainFile<T>(
  folder: string,
  name: string,
  most: number,
  read: (file: FileHandle, size: number) => Promise<T>
): Promise<T> {
  let file: FileHandle | null = null;
  try {
    // Neither a link nor a pipe that nobody writes to.
    file = await open(path.join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw notAFile(name);
    if (stats.size > most) {
      throw new ModelError('model.too-large', `${name} has ${stats.size} bytes; at most ${most} are read.`);
    }
    return await read(file, stats.size);
  } catch (cause) {
    throw understood(cause, name);
  } finally {
    await file?.close();
  }
}

function understood(cause: unknown, name: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (cause instanceof ModelError || typeof code !== 'string') return cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ModelError('model.file-missing', `${name} is not in the folder. Copy it there.`, { cause });
  }
  if (code === 'ELOOP' || code === 'ENXIO' || code === 'EISDIR') return notAFile(name);
  return new ModelError('model.unreadable', `${name} cannot be read (${code}). Check its permissions and its disk.`, {
    cause
  });
}

function notAFile(name: string): ModelError {
  return new ModelError(
    'model.not-a-file',
    `${name} is a link or no file at all. Put the file itself into the folder.`
  );
}
