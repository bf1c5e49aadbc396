import type { LabelMap } from './labelMap.js';
import type { LabelRecord, RecordId } from './records.js';

const notReady = (): never => {
  throw new Error('The label-map engine is being built.');
};

/** One person's undo and redo, over all of that person's sessions, derived from the records themselves. */
export class UndoHistory {
  constructor(
    readonly isMine: (client: number) => boolean,
    readonly labelMap: LabelMap
  ) {}

  /** Strokes of the last visible gesture: append `{target, hidden: true}` for each. Empty: nothing to undo. */
  undoable(): RecordId[] {
    return notReady();
  }

  /** Strokes of the last undone gesture: append `{target, hidden: false}` for each. Empty: nothing to redo. */
  redoable(): RecordId[] {
    return notReady();
  }

  /** Tell it of each record after it was inserted into the label map. */
  note(_id: RecordId, _record: LabelRecord): void {
    notReady();
  }

  /** Builds it anew from the label map: after opening, a rebase, or when `isMine` changed. */
  rebuild(): void {
    notReady();
  }
}
