import type { Acknowledgements } from './acknowledgements.js';
import type { Turns } from './turns.js';
import type { Present } from './presenceBoard.js';
import type { CloseCode } from '@voxcord/schemas/rooms';

/** One connection of a person, as its room sees it. */
export interface RoomMember extends Present {
  readonly acknowledgements: Acknowledgements;
  /** For all work that its messages make. */
  readonly turns: Turns;
  readonly mayWrite: boolean;
  /** Tells the other side if it is a change. */
  setMayWrite(mayWrite: boolean): void;
  /** The document has been sent: from then on changes follow. */
  readonly isSynced: boolean;
  send(frame: Uint8Array): void;
  /** A stroke that somebody is painting; left out if the connection is behind. */
  sendPreview(frame: Uint8Array): void;
  /** The count of durable messages has grown. */
  acknowledge(): void;
  /** Asks the other side for what is missing here. */
  askForMissing(stateVector: Uint8Array): void;
  close(code: CloseCode, reason: string): void;
}
