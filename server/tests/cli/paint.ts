import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { encodeStroke, RecordLog, type Dims, type PaintedRegion } from '@voxcord/schemas/labelmap';
import { MessageType, readAcknowledgement } from '@voxcord/schemas/rooms';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { identityOfAnna } from './identity.js';

/** Paints strokes into a read of a running service and comes back when they are durable. */
export async function paint(
  address: string,
  readId: string,
  secret: string,
  dims: Dims,
  strokes: readonly { readonly segment: number; readonly region: PaintedRegion }[]
): Promise<void> {
  const token = await identityOfAnna(secret);
  const Socket = class extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols ?? [], { headers: { [IDENTITY_HEADER]: token } });
    }
  };
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${address.replace('http', 'ws')}/rooms`, `read:${readId}`, doc, {
    disableBc: true,
    WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket
  });
  provider.messageHandlers[MessageType.welcome] = () => undefined;
  try {
    await new Promise<void>(resolve => provider.once('sync', () => resolve()));
    await new Promise<void>(resolve => {
      const log = new RecordLog(doc);
      provider.messageHandlers[MessageType.acknowledgement] = (_, decoder) => {
        // The answer to the first handshake is counted, too.
        if (readAcknowledgement(decoder) >= strokes.length + 1) resolve();
      };
      strokes.forEach(({ segment, region }, index) => {
        log.append(encodeStroke({ lamport: index + 1, segment, tool: 'brush', continues: false, region, dims }));
      });
    });
  } finally {
    provider.destroy();
  }
}
