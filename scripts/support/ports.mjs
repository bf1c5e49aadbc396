import { createServer } from 'node:net';
import { SetupError } from './project.mjs';

/**
 * @param {number} port 0: any
 * @returns {Promise<number | null>} the port, or null if somebody else has it
 */
function tryPort(port) {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}

/** A port that nobody listens on. */
export async function freePort() {
  const port = await tryPort(0);
  if (port === null) throw new SetupError('No free port on this machine.');
  return port;
}

/**
 * The first free port from `first` on.
 * @param {number} first
 */
export async function nextFreePort(first) {
  for (let port = first; port < first + 100; port++) {
    if ((await tryPort(port)) !== null) return port;
  }
  throw new SetupError(`No free port between ${first} and ${first + 99}. Choose one with --port.`);
}

/**
 * `port`, if it is free.
 * @param {number} port
 */
export async function claimPort(port) {
  if ((await tryPort(port)) === null) {
    throw new SetupError(`Port ${port} is in use. Stop what uses it, or choose another one with --port.`);
  }
  return port;
}
