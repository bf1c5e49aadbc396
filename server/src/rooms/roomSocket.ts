import { CloseCode, MAX_FRAME_BYTES } from '@voxcord/schemas/rooms';
import { WebSocket, WebSocketServer } from 'ws';
import type { Server } from 'ws';

/** What the WebSocket protocol itself refuses, in our codes: sent again it would be no better. */
const FINAL: ReadonlyMap<number, CloseCode> = new Map([
  // A frame that breaks the protocol (compressed, for instance), text that is none, a frame that is too large.
  [1002, CloseCode.badMessage],
  [1007, CloseCode.badMessage],
  [1009, CloseCode.tooLarge]
]);

/** How long a peer may take to answer a close, milliseconds. */
const CLOSE_PATIENCE = 2000;
/** Of what a frame that closes may say: 123 bytes at most. */
const LONGEST_REASON = 120;

export class RoomSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === undefined ? code : (FINAL.get(code) ?? code), reason);
  }

  /** Closes it, whether or not it was being read; a peer that does not answer is cut off. */
  leave(code: CloseCode, reason: string): void {
    this.resume();
    this.close(code, reason.slice(0, LONGEST_REASON));
    setTimeout(() => this.terminate(), CLOSE_PATIENCE).unref();
  }
}

export function createSocketServer(): Server<typeof RoomSocket> {
  return new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
    WebSocket: RoomSocket
  });
}
