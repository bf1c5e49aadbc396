import { IdTable } from './idTable.js';
import type { LabelMap } from './labelMap.js';
import { compareOrder, type OrderKey } from './recordOrder.js';
import type { LabelRecord, RecordId } from './records.js';

/** Strokes that are undone and redone together. */
interface Gesture {
  readonly strokes: RecordId[];
}

/**
 * One person's undo and redo, over all of that person's sessions and without a limit. It follows from the records
 * alone, so it is the same after a reload and on another machine. Undoing appends a record that hides; redoing one that
 * shows; a new stroke clears what could be redone. Strokes that were compacted into the base can no longer be undone.
 */
export class UndoHistory {
  private done: Gesture[] = [];
  private undone: Gesture[] = [];
  private gestures = new IdTable<Gesture>();
  private lastOfLog = new Map<number, Gesture>();
  private last: OrderKey | null = null;
  private stale = true;

  constructor(
    private readonly isMine: (client: number) => boolean,
    private readonly labelMap: LabelMap
  ) {}

  /** Strokes of the last visible gesture: append `{ target, hidden: true }` for each. Empty: nothing to undo. */
  undoable(): RecordId[] {
    return this.top('done', false);
  }

  /** Strokes of the last undone gesture: append `{ target, hidden: false }` for each. Empty: nothing to redo. */
  redoable(): RecordId[] {
    return this.top('undone', true);
  }

  /** Tell it of each record, of whomever, once the label map has it. */
  note(id: RecordId, record: LabelRecord): void {
    if (this.stale || !this.isMine(id.client)) return;
    const key = { order: record.lamport, id };
    if (this.last !== null && compareOrder(key, this.last) <= 0) {
      // Came out of order, from another session of this person.
      this.stale = true;
      return;
    }
    this.apply(key, record);
  }

  /** Builds it anew from the label map when it is next asked: after a rebase, or when `isMine` has changed. */
  rebuild(): void {
    this.stale = true;
  }

  private top(stack: 'done' | 'undone', hidden: boolean): RecordId[] {
    if (this.stale) this.build();
    const gestures = this[stack];
    for (let at = gestures.length - 1; at >= 0; at--) {
      const states = gestures[at]?.strokes.map(id => this.labelMap.record(id)) ?? [];
      const strokes = states.flatMap(state => (state?.hidden === hidden ? [state.id] : []));
      if (strokes.length > 0) return strokes;
      // Compacted strokes never come back; others may be on their way from one stack to the other.
      if (states.every(state => state === null)) gestures.splice(at, 1);
    }
    return [];
  }

  private build(): void {
    this.done = [];
    this.undone = [];
    this.gestures = new IdTable();
    this.lastOfLog = new Map();
    this.last = null;
    const own = this.labelMap
      .records()
      .filter(({ id }) => this.isMine(id.client))
      .map(({ id, record }) => ({ order: record.lamport, id, record }))
      .sort(compareOrder);
    for (const key of own) this.apply(key, key.record);
    this.stale = false;
  }

  private apply(key: OrderKey, record: LabelRecord): void {
    this.last = key;
    if (record.kind === 'stroke') {
      this.addStroke(key.id, record.continues);
      return;
    }
    const gesture = this.gestures.get(record.target);
    if (gesture === undefined) return;
    if (record.hidden) move(gesture, this.done, this.undone);
    else move(gesture, this.undone, this.done);
  }

  private addStroke(id: RecordId, continues: boolean): void {
    const before = continues ? this.lastOfLog.get(id.client) : undefined;
    if (before !== undefined) {
      before.strokes.push(id);
      this.gestures.set(id, before);
      return;
    }
    const gesture = { strokes: [id] };
    this.done.push(gesture);
    this.undone = [];
    this.gestures.set(id, gesture);
    this.lastOfLog.set(id.client, gesture);
  }
}

/** Moves a gesture from one stack to the other; nothing if it is not there. */
function move(gesture: Gesture, from: Gesture[], to: Gesture[]): void {
  const at = from.lastIndexOf(gesture);
  if (at < 0) return;
  from.splice(at, 1);
  to.push(gesture);
}
