import type { Page } from '@playwright/test';

/** Everything that a browser got from the service, and what it sent to rooms. */
export class Traffic {
  /** Bytes that came through WebSockets, frame by frame. */
  readonly framesReceived: Buffer[] = [];
  readonly framesSent: Buffer[] = [];
  /** Bodies of answers over HTTP. */
  readonly bodies: Buffer[] = [];
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
      socket.on('framereceived', ({ payload }) => traffic.framesReceived.push(Buffer.from(payload)));
      socket.on('framesent', ({ payload }) => traffic.framesSent.push(Buffer.from(payload)));
    });
    page.on('response', response => {
      if (!new URL(response.url()).pathname.includes('/voxcord/')) return;
      // An answer that was given up has no body.
      const body = response.body().then(
        bytes => void traffic.bodies.push(bytes),
        () => undefined
      );
      traffic.loading.push(body);
    });
    return traffic;
  }

  /** Everything received so far, over HTTP and WebSockets. */
  async received(): Promise<Buffer[]> {
    await Promise.all(this.loading);
    return [...this.framesReceived, ...this.bodies];
  }
}

/** Whether `wanted` occurs in one of `pieces`. */
export function occursIn(pieces: readonly Buffer[], wanted: string | Buffer): boolean {
  return pieces.some(piece => piece.includes(wanted));
}
