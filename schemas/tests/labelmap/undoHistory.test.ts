import { describe, expect, it } from 'vitest';
import {
  LabelMap,
  UndoHistory,
  encodeStroke,
  encodeVisibility,
  type Dims,
  type RecordId
} from '../../src/labelmap/index.js';

const DIMS: Dims = [20, 20, 20];
const ANNA = [1, 2];
const BEN = 9;

/** A label map with Anna's history, and what she does to it. */
class Desk {
  readonly map = new LabelMap(DIMS);
  readonly history = new UndoHistory(client => ANNA.includes(client), this.map);
  private readonly clocks = new Map<number, number>();

  paint(client: number, continues = false): RecordId {
    const region = { box: { min: [1, 1, 1], max: [3, 3, 3] } as const, mask: new Uint8Array(27).fill(1) };
    const lamport = this.map.nextLamport();
    return this.append(client, encodeStroke({ lamport, segment: 1, tool: 'brush', continues, region, dims: DIMS }));
  }

  undo(client: number): RecordId[] {
    return this.setHidden(client, this.history.undoable(), true);
  }

  redo(client: number): RecordId[] {
    return this.setHidden(client, this.history.redoable(), false);
  }

  /** The same history as someone sees it who opens the read now. */
  reloaded(): UndoHistory {
    return new UndoHistory(client => ANNA.includes(client), this.map);
  }

  private setHidden(client: number, targets: RecordId[], hidden: boolean): RecordId[] {
    for (const target of targets) {
      this.append(client, encodeVisibility({ lamport: this.map.nextLamport(), target, hidden }));
    }
    return targets;
  }

  private append(client: number, bytes: Uint8Array): RecordId {
    const id = { client, clock: this.clocks.get(client) ?? 0 };
    this.clocks.set(client, id.clock + 1);
    this.map.insert(id, bytes);
    const state = this.map.record(id);
    if (state !== null) this.history.note(id, state.record);
    return id;
  }
}

describe('undo', () => {
  it('has nothing to do at first', () => {
    const desk = new Desk();
    expect([desk.history.undoable(), desk.history.redoable()]).toEqual([[], []]);
  });

  it('takes back the own last stroke, never another person’s', () => {
    const desk = new Desk();
    const own = desk.paint(1);
    desk.paint(BEN);
    expect(desk.undo(1)).toEqual([own]);
    expect(desk.undo(1)).toEqual([]);
    expect(desk.map.counts()[1]).toBe(27);
  });

  it('goes back through all own strokes of all own sessions, and forth again', () => {
    const desk = new Desk();
    const strokes = [desk.paint(1), desk.paint(2), desk.paint(1)];
    expect([desk.undo(2), desk.undo(1), desk.undo(1)].flat()).toEqual([...strokes].reverse());
    expect([desk.redo(1), desk.redo(2), desk.redo(1)].flat()).toEqual(strokes);
    expect(desk.redo(1)).toEqual([]);
  });

  it('has no limit', () => {
    const desk = new Desk();
    for (let n = 0; n < 500; n++) desk.paint(1);
    for (let n = 0; n < 500; n++) expect(desk.undo(1).length).toBe(1);
    expect(desk.map.counts()[1]).toBe(0);
  });

  it('takes the strokes of one gesture back together', () => {
    const desk = new Desk();
    const first = desk.paint(1);
    const gesture = [desk.paint(1), desk.paint(1, true), desk.paint(1, true)];
    expect(desk.undo(1)).toEqual(gesture);
    expect(desk.redo(1)).toEqual(gesture);
    expect(desk.undo(1)).toEqual(gesture);
    expect(desk.undo(1)).toEqual([first]);
  });

  it('cannot redo once something new was painted', () => {
    const desk = new Desk();
    const first = desk.paint(1);
    desk.paint(1);
    desk.undo(1);
    const third = desk.paint(1);
    expect(desk.redo(1)).toEqual([]);
    expect([desk.undo(1), desk.undo(1)].flat()).toEqual([third, first]);
  });

  it('is the same after a reload, at every step', () => {
    const desk = new Desk();
    const steps = [
      'paint',
      'paint',
      'more',
      'undo',
      'redo',
      'undo',
      'undo',
      'redo',
      'paint',
      'undo',
      'paint',
      'more',
      'undo',
      'undo'
    ];
    for (const [index, step] of steps.entries()) {
      const client = 1 + (index % 2);
      if (step === 'paint') desk.paint(1);
      else if (step === 'more') desk.paint(1, true);
      else if (step === 'undo') desk.undo(client);
      else desk.redo(client);
      const reloaded = desk.reloaded();
      expect(reloaded.undoable()).toEqual(desk.history.undoable());
      expect(reloaded.redoable()).toEqual(desk.history.redoable());
    }
  });

  it('sees records that come out of order from another own session', () => {
    const desk = new Desk();
    const early = encodeStroke({
      lamport: 1,
      segment: 1,
      tool: 'brush',
      continues: false,
      region: { box: { min: [5, 5, 5], max: [5, 5, 5] }, mask: Uint8Array.of(1) },
      dims: DIMS
    });
    const first = desk.paint(1);
    const second = desk.paint(1);
    expect(desk.history.undoable()).toEqual([second]);
    const id = { client: 2, clock: 0 };
    desk.map.insert(id, early);
    desk.history.note(id, {
      ...(desk.map.record(id)?.record ?? { kind: 'visibility', lamport: 0, target: id, hidden: false })
    });
    expect([desk.undo(1), desk.undo(1), desk.undo(1)].flat()).toEqual([second, id, first]);
  });

  it('ends at what was compacted', () => {
    const desk = new Desk();
    desk.paint(1);
    desk.paint(1);
    const last = desk.paint(1);
    const base = desk.map.foldThrough(2);
    if (base === null) throw new Error('There is nothing to fold.');
    desk.map.rebase(base);
    desk.history.rebuild();
    expect([desk.undo(1), desk.undo(1)]).toEqual([[last], []]);
  });
});
