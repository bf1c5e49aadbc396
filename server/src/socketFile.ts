import { lstat, rm } from 'node:fs/promises';
import { connect } from 'node:net';

/** The path of a socket cannot be used. The message says what to do. */
export class SocketInUse extends Error {
  override readonly name = 'SocketInUse';
}

/** Removes the socket that a service which was killed has left behind. Throws `SocketInUse` if somebody listens. */
export async function freeSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket() || (await answers(path))) {
    throw new SocketInUse('The socket path is in use by another service or file. Choose another --socket.');
  }
  await rm(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
