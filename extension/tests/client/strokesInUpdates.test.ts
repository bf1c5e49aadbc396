import { RecordLog, encodeStroke, encodeVisibility } from '@voxcord/schemas/labelmap';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { strokesIn } from '../../src/client/strokesInUpdates.js';

const DIMS = [8, 8, 8] as const;

function stroke(lamport: number, segment: number): Uint8Array {
  const region = { box: { min: [1, 1, 1] as const, max: [2, 1, 1] as const }, mask: Uint8Array.of(1, 1) };
  return encodeStroke({ lamport, segment, tool: 'brush', continues: false, region, dims: DIMS });
}

/** Updates as they wait in the browser: one for each record, without the document that they continue. */
function updatesOf(doc: Y.Doc, write: (log: RecordLog) => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', note);
  write(new RecordLog(doc));
  doc.off('update', note);
  return updates;
}

describe('strokes that wait for a history that is gone', () => {
  it('are found without what came before them, with the ids that they had', () => {
    const doc = new Y.Doc();
    updatesOf(doc, log => log.append(stroke(1, 1)));
    const updates = updatesOf(doc, log => {
      log.append(stroke(2, 2));
      log.append(stroke(3, 3));
    });
    expect(strokesIn(updates, DIMS).map(({ id, segment }) => [id, segment])).toEqual([
      [{ client: doc.clientID, clock: 1 }, 2],
      [{ client: doc.clientID, clock: 2 }, 3]
    ]);
  });

  it('stay away when they were undone, and are there when they were redone', () => {
    const doc = new Y.Doc();
    const target = (clock: number): { client: number; clock: number } => ({ client: doc.clientID, clock });
    const updates = updatesOf(doc, log => {
      log.append(stroke(1, 1));
      log.append(stroke(2, 2));
      log.append(encodeVisibility({ lamport: 3, target: target(0), hidden: true }));
      log.append(encodeVisibility({ lamport: 4, target: target(1), hidden: true }));
      log.append(encodeVisibility({ lamport: 5, target: target(0), hidden: false }));
    });
    expect(strokesIn(updates, DIMS).map(({ segment }) => segment)).toEqual([1]);
  });

  it('are painted once although they wait twice, in the order of their clocks over all sessions', () => {
    const [first, second] = [new Y.Doc(), new Y.Doc()];
    const later = updatesOf(first, log => log.append(stroke(7, 1)));
    const earlier = updatesOf(second, log => log.append(stroke(4, 2)));
    expect(strokesIn([...later, ...earlier, ...later], DIMS).map(({ segment }) => segment)).toEqual([2, 1]);
  });
});
