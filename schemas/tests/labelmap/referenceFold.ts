import type { Dims, PaintedRegion, RecordId } from '../../src/labelmap/index.js';

/** A record as its maker meant it, before it was encoded. */
export type ReferenceRecord =
  | { readonly id: RecordId; readonly lamport: number; readonly segment: number; readonly region: PaintedRegion }
  | { readonly id: RecordId; readonly lamport: number; readonly target: RecordId; readonly hidden: boolean };

export interface ReferenceBase {
  readonly bitmap: Uint8Array;
  readonly horizon: number;
  readonly frontier: Readonly<Record<string, number>>;
}

/**
 * The rule itself, as plainly as it can be written: sort all records, find what is hidden, paint the rest one after
 * the other over the base.
 */
export function referenceFold(dims: Dims, records: readonly ReferenceRecord[], base: ReferenceBase | null): Uint8Array {
  const bitmap = base === null ? new Uint8Array(dims[0] * dims[1] * dims[2]) : base.bitmap.slice();
  const outside = records.filter(({ id }) => id.clock >= (base?.frontier[String(id.client)] ?? 0));
  const hidden = new Map<string, boolean>();
  for (const record of [...outside].sort((a, b) => compare(a, b, 0))) {
    if ('target' in record) hidden.set(key(record.target), record.hidden);
  }
  for (const record of [...outside].sort((a, b) => compare(a, b, base?.horizon ?? 0))) {
    if ('target' in record || hidden.get(key(record.id)) === true) continue;
    paint(bitmap, dims, record.region, record.segment);
  }
  return bitmap;
}

function compare(a: ReferenceRecord, b: ReferenceRecord, horizon: number): number {
  const [la, lb] = [Math.max(a.lamport, horizon), Math.max(b.lamport, horizon)];
  return la - lb || a.id.client - b.id.client || a.id.clock - b.id.clock;
}

function key(id: RecordId): string {
  return `${id.client}/${id.clock}`;
}

export function paint(bitmap: Uint8Array, dims: Dims, region: PaintedRegion, segment: number): void {
  const { min, max } = region.box;
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++, at++) {
        if (region.mask[at] !== 0) bitmap[(k * dims[1] + j) * dims[0] + i] = segment;
      }
    }
  }
}
