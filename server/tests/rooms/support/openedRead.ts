import { createHash } from 'node:crypto';
import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import { LabelMap, type Dims, type Snapshot } from '@voxcord/schemas/labelmap';
import type { RoomName } from '@voxcord/schemas/rooms';
import type * as Y from 'yjs';
import { labelMapPack } from '../../../src/http/labelMapPack.js';
import { SnapshotStore } from '../../../src/labelmap/snapshotStore.js';
import type { Store } from '../../../src/store/store.js';
import { entriesOf } from './painting.js';
import { DIMS, type RoomService } from './roomService.js';

/** A snapshot as a browser takes it from its pack: brick by brick, each checked against its hash. */
export async function fetchSnapshot(store: Store, readId: string, manifest: LabelMapSnapshot): Promise<Snapshot> {
  const { parts } = await labelMapPack(new SnapshotStore(store), readId, manifest.hash);
  if (parts.length !== manifest.bricks.length) throw new Error('The pack has another number of bricks.');
  const bricks = new Map<number, Uint8Array>();
  for (const { index, sha256, bytes } of manifest.bricks) {
    const brick = await store.blobs.get(sha256);
    if (brick?.length !== bytes) throw new Error('A brick is missing, or has another length.');
    if (createHash('sha256').update(brick).digest('hex') !== sha256) throw new Error('A brick is damaged.');
    bricks.set(index, new Uint8Array(brick));
  }
  return { frontier: manifest.frontier, lamport: manifest.lamport, bricks };
}

/** The label map of a read as a browser opens it: from the server's snapshots and the document. */
export async function openRead(
  { rooms, store }: RoomService,
  { id }: RoomName,
  doc: Y.Doc,
  dims: Dims = DIMS
): Promise<LabelMap> {
  const { head, base } = await rooms.labelMap(id).head();
  return LabelMap.open(dims, {
    head: head === null ? null : await fetchSnapshot(store, id, head),
    base: base === null ? null : await fetchSnapshot(store, id, base),
    records: entriesOf(doc)
  });
}
