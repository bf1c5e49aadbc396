// The service with rooms that compact and unload within moments instead of days. Called like `voxcord serve`.
import { parseArgs } from 'node:util';
import { startService } from '../../server/lib/service.js';

const { values } = parseArgs({
  args: process.argv.slice(2).filter(argument => argument !== 'serve'),
  options: {
    socket: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
    root: { type: 'string', multiple: true, default: [] },
    'exit-with-parent': { type: 'boolean', default: false }
  }
});

const ended = new Promise(resolve => {
  process.once('SIGTERM', resolve);
  process.stdin.once('end', resolve).resume();
});
const service = await startService({
  data: values.data,
  listenAt: { socket: values.socket },
  identitySecret: process.env.VOXCORD_IDENTITY_SECRET ?? '',
  roots: values.root,
  everyone: 'reader',
  logLevel: 'info',
  logStream: process.stderr,
  rooms: { idleMilliseconds: 200, snapshotEvery: 2, windowMilliseconds: 0, keepRecords: 6, compactAtLeast: 2 }
});
console.log(JSON.stringify({ event: 'listening', address: service.address, pid: process.pid }));
await ended;
await service.stop();
process.stdin.destroy();
