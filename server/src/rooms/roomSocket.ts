import { CloseCode, MAX_FRAME_BYTES } from '@voxcord/schemas/rooms';
import { WebSocket, WebSocketServer } from 'ws';
import type { Server } from 'ws';

const MESSAGE_TOO_BIG = 1009;

/** A frame that is too large is refused for good: sent again it would be no smaller. */
export class RoomSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === MESSAGE_TOO_BIG ? CloseCode.tooLarge : code, reason);
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
