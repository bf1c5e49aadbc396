import type { Acknowledgements } from './acknowledgements.js';
import type { Present } from './presenceBoard.js';
import type { CloseCode } from '@voxcord/schemas/rooms';

/** One connection of a person, as its room sees it. */
export interface RoomMember extends Present {
  readonly acknowledgements: Acknowledgements;
  mayWrite: boolean;
  /** The document has been sent: from then on changes follow. */
  readonly isSynced: boolean;
  send(frame: Uint8Array): void;
  /** The count of durable messages has grown. */
  acknowledge(): void;
  /** Asks the other side for what is missing here. */
  askForMissing(stateVector: Uint8Array): void;
  close(code: CloseCode, reason: string): void;
}
