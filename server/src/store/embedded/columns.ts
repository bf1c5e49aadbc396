import type { SQLOutputValue } from 'node:sqlite';
import { StoreError } from '../store.js';

/*
 * Columns of a row, each checked for its type.
 */

type Row = Record<string, SQLOutputValue>;

function damaged(column: string): StoreError {
  return new StoreError('corrupt', `Column ${column} of the database is damaged: restore the data from a backup.`);
}

export function integer(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw damaged(column);
  return value;
}

export function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw damaged(column);
  return value;
}

export function optionalText(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return value;
}
