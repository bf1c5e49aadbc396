import { NOTHING_ABOVE, Step, edgeAbove } from './edgeContexts.js';
import { NEW_EDGE, RowStore } from './rowStore.js';

/**
 * What encoder and decoder both know while they walk the rows of a stroke: the row before, the slice before, and where
 * in them the present position lies.
 */
export class EdgePredictor {
  current = new RowStore();
  private before = new RowStore();
  private hasSliceBefore = false;

  /** Row before: `current`, or for the first row of a slice the first row of the slice before. */
  private reference = this.current;
  private referenceStart = 0;
  private referenceEnd = 0;
  private referenceCursor = 0;
  private aboveRow = 0;
  private aboveCursor = 0;

  /** State of the row, updated by `note`. */
  position = -1;
  painted = 0;
  last: Step = Step.none;
  private partner = 0;

  /** What `locate` found. */
  hasReference = false;
  expected = 0;
  afterExpected = 0;
  above = NOTHING_ABOVE;

  reset(): void {
    this.current.clear();
    this.before.clear();
    this.hasSliceBefore = false;
  }

  beginSlice(first: boolean): void {
    if (first) return;
    [this.before, this.current] = [this.current, this.before];
    this.current.clear();
    this.hasSliceBefore = true;
  }

  beginRow(row: number): void {
    this.position = -1;
    this.painted = 0;
    this.last = Step.none;
    this.partner = 0;
    this.reference = row === 0 ? this.before : this.current;
    const referenceRow = row === 0 ? 0 : row - 1;
    const known = row > 0 || this.hasSliceBefore;
    this.referenceStart = known ? this.reference.start(referenceRow) : 0;
    this.referenceEnd = known ? this.reference.end(referenceRow) : 0;
    this.referenceCursor = this.referenceStart;
    this.aboveRow = row;
    this.aboveCursor = this.hasSliceBefore ? this.before.start(row) : 0;
  }

  get rowBeforeIsEmpty(): boolean {
    return this.referenceStart === this.referenceEnd;
  }

  /** Looks for the reference of the next edge. */
  locate(): void {
    const { edges } = this.reference;
    let cursor = this.referenceCursor;
    while (cursor < this.referenceEnd && (edges[cursor] ?? 0) <= this.position) cursor++;
    this.referenceCursor = cursor;
    if (((cursor - this.referenceStart) & 1) !== this.painted) cursor++;
    this.hasReference = cursor < this.referenceEnd;
    if (this.hasReference) {
      this.referenceEdge = cursor;
      this.expected = edges[cursor] ?? 0;
      this.afterExpected = cursor + 1 < this.referenceEnd ? (edges[cursor + 1] ?? 0) : Infinity;
    }
    this.above = NOTHING_ABOVE;
    if (!this.hasSliceBefore) return;
    const end = this.before.end(this.aboveRow);
    while (this.aboveCursor < end && (this.before.edges[this.aboveCursor] ?? 0) <= this.position) this.aboveCursor++;
    const expected = this.hasReference ? this.expected : this.position;
    this.above = edgeAbove(this.before, this.aboveRow, this.aboveCursor, this.painted, expected);
  }
  private referenceEdge = 0;

  get slope(): number {
    return this.reference.slopes[this.referenceEdge] ?? NEW_EDGE;
  }

  /** How far the start of the present run moved. */
  get partnerMove(): number {
    return this.partner;
  }

  /** The next edge lies `move` from its reference. */
  noteMove(move: number): void {
    this.addEdge(this.expected + move, move, Step.follow);
    this.partner = move;
  }

  /** The next edge has no reference. */
  noteFresh(edge: number): void {
    this.addEdge(edge, NEW_EDGE, Step.fresh);
    this.partner = 0;
  }

  /** The reference and its partner have no counterpart in this row. */
  notePass(): void {
    this.position = this.afterExpected;
    this.last = Step.pass;
  }

  endRow(): void {
    this.current.endRow();
  }

  private addEdge(edge: number, slope: number, step: Step): void {
    this.current.push(edge, slope);
    this.position = edge;
    this.painted ^= 1;
    this.last = step;
  }
}
