import { StoreError } from '../store.js';
import type { StoreErrorCode } from '../store.js';

/** Primary SQLite result codes that say what is wrong with the disk (https://sqlite.org/rescode.html). */
const READ_ONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** What crosses from the database's thread when a request fails. */
export interface Failure {
  readonly code: StoreErrorCode;
  readonly message: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  const text = error instanceof Error ? error.message : String(error);
  switch (primaryCode(error)) {
    case FULL:
      return { code: 'disk-full', message: `The disk is full: free some space, then try again. (${text})` };
    case CORRUPT:
    case NOT_A_DATABASE:
      return { code: 'corrupt', message: `The database file is damaged: restore it from a backup. (${text})` };
    case READ_ONLY:
      return { code: 'unwritable', message: `The data folder was opened for reading only. (${text})` };
    default:
      return { code: 'unwritable', message: `The database could not be written; check the disk. (${text})` };
  }
}

/** The same for errors of the file system. */
export function storeErrorOf(error: unknown, what: string): StoreError {
  if (error instanceof StoreError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const system = error instanceof Error && 'code' in error ? error.code : undefined;
  if (system === 'ENOSPC' || system === 'EDQUOT') {
    return new StoreError('disk-full', `${what}: the disk is full. Free some space, then try again.`, { cause: error });
  }
  return new StoreError('unwritable', `${what}: ${text}`, { cause: error });
}

function primaryCode(error: unknown): number | null {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return null;
}
