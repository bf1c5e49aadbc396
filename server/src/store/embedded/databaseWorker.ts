import { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { StoreError } from '../store.js';
import { Database } from './database.js';
import { failureOf } from './sqliteErrors.js';
import type { DatabaseOptions, DatabaseReport, DatabaseRequest } from './requests.js';

/*
 * The database's thread. While one transaction is being written, requests queue up; all of them go into the next one,
 * so that many rooms and people share one fsync.
 */

/** Bounds what one transaction takes, so that the first of a group is not kept waiting for the last. */
const GROUP_REQUESTS = 1024;

interface Opened {
  readonly database: Database;
  readonly lock: DatabaseSync | null;
}

function open(options: DatabaseOptions): Opened {
  const lock = options.readOnly ? null : takeLock(options.lockFile);
  try {
    return { database: new Database(options), lock };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** Held by the operating system for this process: it is free again as soon as the process is gone, however it went. */
function takeLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new StoreError(
      'unwritable',
      'Another service is using this data folder: stop it first, or choose another folder.',
      { cause: error }
    );
  }
  return lock;
}

function serve(port: NonNullable<typeof parentPort>, options: DatabaseOptions): void {
  const report = (message: DatabaseReport): void => port.postMessage(message);
  let opened: Opened;
  try {
    opened = open(options);
  } catch (error) {
    report({ kind: 'refused', failure: failureOf(error) });
    return;
  }
  const { database, lock } = opened;
  report({ kind: 'ready' });
  port.on('message', (first: DatabaseRequest | null) => {
    const group: DatabaseRequest[] = [];
    let next: DatabaseRequest | null | undefined = first;
    while (next !== undefined && next !== null) {
      group.push(next);
      if (group.length === GROUP_REQUESTS) break;
      next = receiveMessageOnPort(port)?.message as DatabaseRequest | null | undefined;
    }
    if (group.length > 0) report({ kind: 'replies', replies: database.runGroup(group) });
    if (next === null) {
      database.close();
      lock?.close();
      port.close();
    }
  });
}

if (parentPort !== null) serve(parentPort, workerData as DatabaseOptions);
