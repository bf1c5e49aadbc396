// The service with other limits of rooms than usual: `node serveWithPolicy.mjs PORT FOLDER POLICY`.
import path from 'node:path';
import { startService } from '../../../../server/lib/service.js';

const [port, folder, policy] = process.argv.slice(2);
await startService({
  data: path.join(folder, 'data'),
  listenAt: { port: Number(port) },
  identitySecret: process.env.VOXCORD_IDENTITY_SECRET,
  roots: [folder],
  everyone: 'reader',
  logLevel: 'warn',
  logStream: process.stderr,
  rooms: JSON.parse(policy)
});
