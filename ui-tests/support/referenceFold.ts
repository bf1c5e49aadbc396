import {
  type Dims,
  type LabelRecord,
  type RecordId,
  forEachRun,
  readRecord,
  voxelCount
} from '@voxcord/schemas/labelmap';
import { strokeLogClient } from '@voxcord/schemas/rooms';
import * as Y from 'yjs';

interface Entry {
  readonly id: RecordId;
  readonly bytes: Uint8Array;
  readonly record: LabelRecord;
}

const nameOf = ({ client, clock }: RecordId): string => `${client}/${clock}`;

/** Every record that was ever stored, compacted or not, in the total order (lamport, client, clock). */
export function recordsInOrder(doc: Y.Doc, dims: Dims): Entry[] {
  const entries: Entry[] = [];
  for (const [client, structs] of doc.store.clients) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentBinary)) continue;
      if (!(struct.parent instanceof Y.AbstractType)) continue;
      if (strokeLogClient(Y.findRootTypeKey(struct.parent)) !== client) continue;
      const bytes = struct.content.content;
      entries.push({ id: { client, clock: struct.id.clock }, bytes, record: readRecord(bytes, dims) });
    }
  }
  return entries.sort(
    (a, b) => a.record.lamport - b.record.lamport || a.id.client - b.id.client || a.id.clock - b.id.clock
  );
}

/**
 * What a label map has to be, by the definition alone: sort all records, leave out the strokes whose last visibility
 * record hides them, paint the others one over the other.
 */
export function referenceFold(doc: Y.Doc, dims: Dims): Uint8Array {
  const entries = recordsInOrder(doc, dims);
  const hidden = new Map<string, boolean>();
  for (const { record } of entries) {
    if (record.kind === 'visibility') hidden.set(nameOf(record.target), record.hidden);
  }
  const labels = new Uint8Array(voxelCount(dims));
  for (const { id, bytes, record } of entries) {
    if (record.kind !== 'stroke' || hidden.get(nameOf(id)) === true) continue;
    forEachRun(bytes, dims, (start, length, stride) => {
      for (let n = 0; n < length; n++) labels[start + n * stride] = record.segment;
    });
  }
  return labels;
}

/** The document that a stored log amounts to, with what was deleted in it. */
export function documentOf(updates: Iterable<Uint8Array>): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}
