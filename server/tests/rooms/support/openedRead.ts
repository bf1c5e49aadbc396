import { createHash } from 'node:crypto';
import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import { LabelMap, type Dims, type Snapshot } from '@voxcord/schemas/labelmap';
import type * as Y from 'yjs';
import type { ReadLabels } from '../../../src/rooms/rooms.js';
import { entriesOf } from './painting.js';
import { DIMS } from './roomService.js';

/** A snapshot as a browser takes it from its pack: brick by brick, each checked against its hash. */
export async function fetchSnapshot(labels: ReadLabels, manifest: LabelMapSnapshot): Promise<Snapshot> {
  const pack = await labels.pack(manifest.hash);
  if (pack === null) throw new Error('There is no such snapshot.');
  const bricks = new Map<number, Uint8Array>();
  let offset = 0;
  for (const { index, sha256, bytes } of manifest.bricks) {
    const brick = new Uint8Array(pack.subarray(offset, offset + bytes));
    if (createHash('sha256').update(brick).digest('hex') !== sha256) throw new Error('A brick is damaged.');
    bricks.set(index, brick);
    offset += bytes;
  }
  if (offset !== pack.length) throw new Error('The pack has another length.');
  return { frontier: manifest.frontier, lamport: manifest.lamport, bricks };
}

/** The label map of a read as a browser opens it: from the server's snapshots and the document. */
export async function openRead(labels: ReadLabels, doc: Y.Doc, dims: Dims = DIMS): Promise<LabelMap> {
  const { head, base } = await labels.head();
  return LabelMap.open(dims, {
    head: head === null ? null : await fetchSnapshot(labels, head),
    base: base === null ? null : await fetchSnapshot(labels, base),
    records: entriesOf(doc)
  });
}
