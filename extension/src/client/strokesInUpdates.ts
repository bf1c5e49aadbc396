import {
  type Dims,
  type PaintedRegion,
  type RecordId,
  type Tool,
  decodeRegion,
  readRecord
} from '@voxcord/schemas/labelmap';
import * as Y from 'yjs';

/** A stroke in a form that can be painted into another history. */
export interface PortableStroke {
  readonly id: RecordId;
  readonly region: PaintedRegion;
  readonly segment: number;
  readonly tool: Tool;
}

/**
 * The strokes that `updates` append to their logs and that no later update of them hides, in the order of their clocks.
 * Reads the structs themselves: the document that the updates continue may be gone.
 */
export function strokesIn(updates: readonly Uint8Array[], dims: Dims): PortableStroke[] {
  const strokes: (PortableStroke & { readonly lamport: number })[] = [];
  const seen = new Set<string>();
  const hidden = new Map<string, { readonly lamport: number; readonly hidden: boolean }>();
  for (const { id, bytes } of recordsIn(updates)) {
    // What was about to be merged when the page closed can be there twice.
    if (seen.has(keyOf(id))) continue;
    seen.add(keyOf(id));
    const record = readRecord(bytes, dims);
    if (record.kind === 'stroke') {
      const { segment, tool, lamport } = record;
      strokes.push({ id, region: decodeRegion(bytes, dims), segment, tool, lamport });
      continue;
    }
    const target = keyOf(record.target);
    if ((hidden.get(target)?.lamport ?? -1) < record.lamport) hidden.set(target, record);
  }
  return strokes
    .filter(({ id }) => hidden.get(keyOf(id))?.hidden !== true)
    .sort((a, b) => a.lamport - b.lamport)
    .map(({ id, region, segment, tool }) => ({ id, region, segment, tool }));
}

function* recordsIn(updates: readonly Uint8Array[]): Generator<{ id: RecordId; bytes: Uint8Array }> {
  for (const update of updates) {
    for (const struct of Y.decodeUpdate(update).structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentBinary)) continue;
      yield { id: { client: struct.id.client, clock: struct.id.clock }, bytes: struct.content.content };
    }
  }
}

function keyOf({ client, clock }: RecordId): string {
  return `${client}:${clock}`;
}
