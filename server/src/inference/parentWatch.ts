import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

/*
 * Ends this process with the one that started it, whose end of standard input is closed then, even by a SIGKILL. A thread of
 * its own sees that while native code keeps the main thread.
 */

if (isMainThread) throw new Error('This module runs in a worker thread.');

const STANDARD_INPUT = 0;
const end = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
new Socket({ fd: STANDARD_INPUT, readable: true, writable: false }).on('end', end).on('error', end).resume();
