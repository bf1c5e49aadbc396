import { MessageType } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import { messageYjsSyncStep2, messageYjsUpdate } from 'y-protocols/sync';

/** What a `SyncSocket` tells the room connection that it belongs to. */
export interface SyncSocketOwner {
  socketCreated(socket: SyncSocket): void;
  /** An update message has left; it is the `number`th of this connection that the server will acknowledge. */
  updateSent(number: number): void;
}

/** A WebSocket that counts what the server acknowledges: sync messages of kind step 2 and update. */
export interface SyncSocket {
  /** How many have been sent so far. */
  readonly sent: number;
}

/**
 * A WebSocket class for `WebsocketProvider`. It holds back live updates until the server's first question has been
 * answered: their predecessors may be missing on the server, and the answer carries them all.
 */
export function syncSocketClass(Base: typeof WebSocket, owner: SyncSocketOwner): typeof WebSocket {
  return class extends Base implements SyncSocket {
    sent = 0;
    private hasAnswered = false;

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      owner.socketCreated(this);
    }

    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
      const kind = data instanceof Uint8Array ? syncKind(data) : null;
      if (kind === messageYjsUpdate && !this.hasAnswered) return;
      super.send(data);
      if (kind === messageYjsSyncStep2) this.hasAnswered = true;
      if (kind === messageYjsSyncStep2 || kind === messageYjsUpdate) {
        this.sent++;
        owner.updateSent(this.sent);
      }
    }
  };
}

/** The kind of a sync message, or null for another message. */
function syncKind(message: Uint8Array): number | null {
  const decoder = decoding.createDecoder(message);
  return decoding.readVarUint(decoder) === MessageType.sync ? decoding.readVarUint(decoder) : null;
}
