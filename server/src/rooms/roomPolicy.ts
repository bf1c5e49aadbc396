import type { WorkLimit } from './workShare.js';

const DAY = 24 * 60 * 60 * 1000;

/** Limits and delays of rooms. Times in milliseconds, sizes in bytes. */
export interface RoomPolicy {
  /** How long a room without people stays in memory. */
  readonly idleMilliseconds: number;
  /** How often a socket is asked whether its peer is still there; one that is silent for two of them is gone. */
  readonly pingMilliseconds: number;
  /** Presence is gathered for so long before it is sent. */
  readonly presenceMilliseconds: number;
  /**
   * Most that waits to be sent to one person; above it the connection is closed and may come back. From a sixteenth on,
   * what is only shown (pointers, previews) is left out.
   */
  readonly maxUnsentBytes: number;
  /** Most that is received from one connection and not yet durable, before reading from it pauses. */
  readonly maxUnstoredBytes: number;
  /**
   * Presence and preview messages of a connection: so many a second on average, ten times as many in a burst. Each 4 KiB
   * count as one.
   */
  readonly ephemeralPerSecond: number;
  readonly maxPresenceBytes: number;
  /** Most connections of one room. */
  readonly maxConnections: number;
  /** Most connections of one person, all rooms together. */
  readonly maxConnectionsPerPerson: number;
  /** Time of the service's thread that one person may take, all connections together; above it their messages wait. */
  readonly workPerPerson: WorkLimit;
  /** Updates after which the document's state is stored, to load faster. */
  readonly checkpointEvery: number;
  /** Records after which the folded label map is stored, to open a read faster. */
  readonly snapshotEvery: number;
  /** Most memory for folded label maps, all reads together; the least recently used ones go first. */
  readonly maxFoldBytes: number;
  /** Records younger than this are never compacted: how long a laptop may sleep and still merge exactly. */
  readonly windowMilliseconds: number;
  /** So many of the newest records are never compacted, so that they can be undone. */
  readonly keepRecords: number;
  /** Compaction runs when at least so many records would go. */
  readonly compactAtLeast: number;
}

export const DEFAULT_ROOM_POLICY: RoomPolicy = {
  idleMilliseconds: 30_000,
  pingMilliseconds: 10_000,
  presenceMilliseconds: 50,
  maxUnsentBytes: 16 * 1024 * 1024,
  maxUnstoredBytes: 2 * 1024 * 1024,
  ephemeralPerSecond: 200,
  maxPresenceBytes: 4096,
  maxConnections: 200,
  maxConnectionsPerPerson: 64,
  workPerPerson: { burst: 1000, perSecond: 300 },
  checkpointEvery: 1000,
  snapshotEvery: 500,
  maxFoldBytes: 1024 * 1024 * 1024,
  windowMilliseconds: 7 * DAY,
  keepRecords: 20_000,
  compactAtLeast: 2000
};
