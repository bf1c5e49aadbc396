import type { Person, Segment } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { RoomName } from '@voxcord/schemas/rooms';
import type { IdentityVerifier } from '../identity/identityVerifier.js';
import type { Store } from '../store/store.js';
import type { RoomLogger } from './roomLogger.js';
import type { RoomPolicy } from './roomPolicy.js';

/** What a read's document starts with. Used once: when the room's log is empty. */
export interface RoomInitial {
  /** Hash of the volume. */
  readonly volume: string;
  /** Of the volume's closest-canonical RAS grid. */
  readonly dims: Dims;
  readonly segments: readonly Segment[];
  /** Hash of a snapshot of this read that lies beneath all strokes, at the clock `START_HORIZON`; left out: nothing. */
  readonly base?: string;
}

/** Clock of what a read starts with: every record comes later. */
export const START_HORIZON = 1;

/** Whether somebody may join a room. `initial` is asked for the rooms of reads. */
export type RoomRights =
  | {
      readonly mayJoin: true;
      readonly mayWrite: boolean;
      readonly initial?: RoomInitial;
      /** The room that they are let into in place of the one they asked for: one where they meet nobody. */
      readonly room?: RoomName;
    }
  /** 4403: not allowed; 4404: there is no such thing. */
  | { readonly mayJoin: false; readonly code: 4403 | 4404 };

export type Authorise = (person: Person, room: RoomName) => Promise<RoomRights>;

export interface RoomsOptions {
  readonly store: Store;
  /** Verifies header `x-voxcord-identity` of a request that asks for a room. */
  readonly identify: IdentityVerifier;
  readonly authorise: Authorise;
  /** What a read's document starts with, for reads that the service itself asks for before anybody has joined. */
  readonly initial?: (room: RoomName) => Promise<RoomInitial | null>;
  readonly logger: RoomLogger;
  /** Milliseconds since 1970, for what depends on the age of records; the clock of this computer if left out. */
  readonly now?: () => number;
  /** Called when an update has come, before anything is done with it. */
  readonly onUpdate?: () => void;
  /** What differs from the default. */
  readonly policy?: Partial<RoomPolicy>;
}
