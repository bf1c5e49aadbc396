import type { SnapshotStore } from '../labelmap/snapshotStore.js';
import { RoomError } from '../rooms/roomError.js';
import type { BinaryContent } from './binary.js';

/** Bricks of a snapshot of this read, in manifest order. Throws `RoomError` (`snapshot.unknown`). */
export async function labelMapPack(snapshots: SnapshotStore, readId: string, hash: string): Promise<BinaryContent> {
  const manifest = await snapshots.manifest(readId, hash);
  if (manifest !== null) return { etag: hash, parts: manifest.bricks };
  throw new RoomError('snapshot.unknown', 'This read has no such snapshot. Ask for its newest ones.');
}
