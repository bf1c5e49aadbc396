import { rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { isMainThread, parentPort } from 'node:worker_threads';

/*
 * Ends this process with the one that started it, whose end of standard input is closed then, even by a SIGKILL. A thread of
 * its own sees that while native code keeps the main thread. It may be sent the path of a folder that nobody else would
 * remove then, and says when it knows it.
 */

if (isMainThread) throw new Error('This module runs in a worker thread.');

const STANDARD_INPUT = 0;
const RETRIES = 3;
let scratch: string | null = null;
parentPort?.on('message', (folder: string) => {
  scratch = folder;
  parentPort?.postMessage(folder);
});

const end = (): void => {
  try {
    if (scratch !== null) rmSync(scratch, { recursive: true, force: true, maxRetries: RETRIES });
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
};
new Socket({ fd: STANDARD_INPUT, readable: true, writable: false }).on('end', end).on('error', end).resume();
