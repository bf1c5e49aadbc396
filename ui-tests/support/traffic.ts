import type { Page } from '@playwright/test';

/** Something that a browser got: the path that it came by, and its bytes. */
export interface Piece {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Everything that a browser got from the service, and what it sent to rooms. */
export class Traffic {
  /** Bytes that came through WebSockets, frame by frame. */
  readonly framesReceived: Piece[] = [];
  readonly framesSent: Buffer[] = [];
  /** Bodies of answers over HTTP. */
  readonly bodies: Piece[] = [];
  /** Addresses of the rooms that were joined. */
  readonly rooms: string[] = [];
  private readonly loading: Promise<void>[] = [];

  /** Listens from now on. */
  static of(page: Page): Traffic {
    const traffic = new Traffic();
    page.on('websocket', socket => {
      const path = decodeURIComponent(new URL(socket.url()).pathname);
      if (!path.includes('/voxcord/')) return;
      traffic.rooms.push(path.slice(path.lastIndexOf('/') + 1));
      socket.on('framereceived', ({ payload }) => traffic.framesReceived.push({ path, bytes: Buffer.from(payload) }));
      socket.on('framesent', ({ payload }) => traffic.framesSent.push(Buffer.from(payload)));
    });
    page.on('response', response => {
      const path = decodeURIComponent(new URL(response.url()).pathname);
      if (!path.includes('/voxcord/')) return;
      // An answer that was given up has no body.
      const body = response.body().then(
        bytes => void traffic.bodies.push({ path, bytes }),
        () => undefined
      );
      traffic.loading.push(body);
    });
    return traffic;
  }

  /** Everything received so far, over HTTP and WebSockets. */
  async received(): Promise<Piece[]> {
    await Promise.all(this.loading);
    return [...this.framesReceived, ...this.bodies];
  }
}

/** The paths by which `wanted` came. */
export function pathsOf(pieces: readonly Piece[], wanted: string | Buffer): string[] {
  return pieces.filter(({ bytes }) => bytes.includes(wanted)).map(({ path }) => path);
}
