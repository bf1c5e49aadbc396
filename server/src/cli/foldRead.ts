import { LabelMap, RecordLog, type Dims } from '@voxcord/schemas/labelmap';
import { aboutOf, formatRoomName } from '@voxcord/schemas/rooms';
import type * as Y from 'yjs';
import { SnapshotStore } from '../labelmap/snapshotStore.js';
import { loadDocument } from '../rooms/loadRoom.js';
import { RoomError } from '../rooms/roomError.js';
import { StoreError, type Store } from '../store/store.js';

/** A running service may store a checkpoint between two looks at the log: then the next look is whole again. */
const ATTEMPTS = 5;

/**
 * The label map of a read, folded from its log: one segment number per voxel of the canonical grid. Head snapshots are
 * caches and not looked at. Rejects with `RoomError` or `StoreError` if the log is not whole.
 */
export async function foldRead(store: Store, readId: string, dims: Dims): Promise<Uint8Array> {
  const doc = await loadRead(store, formatRoomName({ kind: 'read', id: readId }));
  // Nobody has opened it yet: nothing is painted.
  if (doc === null) return new LabelMap(dims).bitmap;
  const base = aboutOf(doc).get('base');
  const hash = typeof base === 'object' && 'snapshot' in base ? base.snapshot : null;
  const snapshots = new SnapshotStore(store);
  const manifest = hash === null ? null : await snapshots.manifest(readId, hash);
  if (hash !== null && manifest === null) {
    throw new StoreError('corrupt', 'Compacted strokes of this read are missing. Restore the data from a backup.');
  }
  const map = LabelMap.open(dims, {
    base: manifest === null ? null : await snapshots.load(manifest),
    records: new RecordLog(doc).entries()
  });
  return map.bitmap;
}

async function loadRead(store: Store, room: string): Promise<Y.Doc | null> {
  for (let attempt = 1; ; attempt++) {
    const record = await store.log.findRoom(room);
    if (record === null) return null;
    try {
      return (await loadDocument(store.log, room, record)).doc;
    } catch (error) {
      if (!(error instanceof RoomError) || attempt === ATTEMPTS) throw error;
    }
  }
}
