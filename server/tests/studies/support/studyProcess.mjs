import process from 'node:process';
import { startService } from '../../../lib/service.js';
import { DatabaseThread } from '../../../lib/store/embedded/databaseThread.js';

/*
 * The whole service in a process of its own, to be killed: node studyProcess.mjs SETTINGS (JSON: data, root, port,
 * secret). Tells its port once it listens. A number that it is told is a count: before so many more writes to the store
 * it kills itself.
 */

const WRITES = ['append', 'insertDocument', 'replaceDocument', 'removeDocument', 'appendAudit', 'writeCheckpoint'];

const { data, root, port, secret } = JSON.parse(process.argv[2]);
let writesLeft = Number.POSITIVE_INFINITY;
const { ask } = DatabaseThread.prototype;
DatabaseThread.prototype.ask = function (name, question) {
  if (WRITES.includes(name)) {
    writesLeft -= 1;
    if (writesLeft < 0) process.kill(process.pid, 'SIGKILL');
  }
  return ask.call(this, name, question);
};

const service = await startService({
  data,
  listenAt: { port },
  identitySecret: secret,
  roots: [root],
  everyone: 'reader',
  logLevel: 'error',
  logStream: process.stderr
});
process.on('message', count => {
  writesLeft = count;
  process.send('armed');
});
process.send(Number(new URL(service.address).port));
