import type { RecordId } from './records.js';

/** The place of a record in the total order. */
export interface OrderKey {
  /** Lamport clock; for a record that arrives after its time was compacted, the horizon of the base. */
  readonly order: number;
  readonly id: RecordId;
}

/** Negative if `a` comes before `b`; 0 only for the same record. */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  return a.order - b.order || a.id.client - b.id.client || a.id.clock - b.id.clock;
}
