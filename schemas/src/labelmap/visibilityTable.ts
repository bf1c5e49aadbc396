import { IdTable } from './idTable.js';
import { compareOrder } from './recordOrder.js';
import type { RecordId, VisibilityRecord } from './records.js';

export interface VisibilityEntry {
  readonly id: RecordId;
  readonly record: VisibilityRecord;
}

/** Which strokes are undone: of the visibility records on a stroke the one of highest order counts. */
export class VisibilityTable {
  private readonly byTarget = new IdTable<VisibilityEntry[]>();

  /** The stroke may be unknown yet. */
  add(entry: VisibilityEntry): void {
    const known = this.byTarget.get(entry.record.target);
    if (known === undefined) this.byTarget.set(entry.record.target, [entry]);
    else known.push(entry);
  }

  has(target: RecordId): boolean {
    return this.byTarget.get(target) !== undefined;
  }

  isHidden(target: RecordId): boolean {
    let winner: VisibilityEntry | null = null;
    for (const entry of this.byTarget.get(target) ?? []) {
      if (winner === null || compareVisibility(entry, winner) > 0) winner = entry;
    }
    return winner?.record.hidden ?? false;
  }

  /** Drops records, by target and id. Returns the targets that lost one. */
  remove(entries: Iterable<VisibilityEntry>): RecordId[] {
    const targets: RecordId[] = [];
    for (const entry of entries) {
      const { target } = entry.record;
      const left = (this.byTarget.get(target) ?? []).filter(other => other !== entry);
      if (left.length === 0) this.byTarget.delete(target);
      else this.byTarget.set(target, left);
      targets.push(target);
    }
    return targets;
  }
}

/** Visibility is compared by what the records say themselves: it needs no place in the fold, so no horizon moves it. */
function compareVisibility(a: VisibilityEntry, b: VisibilityEntry): number {
  return compareOrder({ order: a.record.lamport, id: a.id }, { order: b.record.lamport, id: b.id });
}
