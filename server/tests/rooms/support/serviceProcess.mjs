import { createServer } from 'node:http';
import process from 'node:process';
import { createIdentityVerifier } from '../../../lib/identity/identityVerifier.js';
import { Rooms } from '../../../lib/rooms/rooms.js';
import { openEmbeddedStore } from '../../../lib/store/embedded/openEmbeddedStore.js';

/*
 * Rooms in a process of their own, to be killed: node serviceProcess.mjs FOLDER PORT SETTINGS. Prints its port once it
 * listens. SETTINGS is JSON: secret, initial, policy.
 */

const [folder, port, text] = process.argv.slice(2);
const { secret, initial, policy } = JSON.parse(text);
const store = await openEmbeddedStore(folder);
const quiet = () => undefined;
const rooms = new Rooms({
  store,
  identify: createIdentityVerifier(secret),
  authorise: async () => ({ mayJoin: true, mayWrite: true, initial }),
  initial: async () => initial,
  logger: {
    info: quiet,
    warn: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
    error: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)
  },
  policy
});
const server = createServer();
server.on('upgrade', (request, socket, head) => rooms.handleUpgrade(request, socket, head));
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('SIGTERM', async () => {
  await rooms.shutdown();
  await store.close();
  process.exit(0);
});
