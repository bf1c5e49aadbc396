import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { lacksAcknowledged } from '../../src/client/lostHistory.js';

function docWith(lengths: ReadonlyMap<number, number>): Y.Doc {
  const doc = new Y.Doc();
  for (const [client, length] of lengths) {
    const source = new Y.Doc();
    source.clientID = client;
    for (let n = 0; n < length; n++) source.getArray<number>('log').push([n]);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(source));
  }
  return doc;
}

describe('a server that has lost history', () => {
  it('lacks something acknowledged of anybody', () => {
    const doc = docWith(
      new Map([
        [1, 5],
        [2, 3]
      ])
    );
    const theirs = (mine: number, other: number): Map<number, number> =>
      new Map([
        [1, mine],
        [2, other]
      ]);
    expect(lacksAcknowledged(theirs(5, 3), doc, new Map())).toBe(false);
    expect(lacksAcknowledged(theirs(9, 9), doc, new Map())).toBe(false);
    expect(lacksAcknowledged(theirs(4, 3), doc, new Map())).toBe(true);
    expect(lacksAcknowledged(theirs(5, 2), doc, new Map())).toBe(true);
    expect(lacksAcknowledged(new Map(), doc, new Map())).toBe(true);
  });

  it('may lack what it has not acknowledged', () => {
    const doc = docWith(new Map([[1, 5]]));
    expect(lacksAcknowledged(new Map([[1, 3]]), doc, new Map([[1, 3]]))).toBe(false);
    expect(lacksAcknowledged(new Map([[1, 2]]), doc, new Map([[1, 3]]))).toBe(true);
  });

  it('is found by unsaved work alone, in a page that has not loaded the history', () => {
    expect(lacksAcknowledged(new Map([[1, 6]]), new Y.Doc(), new Map([[1, 7]]))).toBe(true);
    expect(lacksAcknowledged(new Map([[1, 7]]), new Y.Doc(), new Map([[1, 7]]))).toBe(false);
  });

  it('is never seen in a server that has everything acknowledged, whatever else it has', () => {
    const lengths = fc.array(fc.record({ acknowledged: fc.nat(6), unsaved: fc.nat(3), more: fc.nat(3) }), {
      maxLength: 4
    });
    fc.assert(
      fc.property(lengths, logs => {
        const doc = docWith(new Map(logs.map(({ acknowledged, unsaved }, n) => [n + 1, acknowledged + unsaved])));
        const unsaved = new Map(
          logs.flatMap(({ acknowledged, unsaved: count }, n) => (count > 0 ? [[n + 1, acknowledged] as const] : []))
        );
        const theirs = new Map(logs.map(({ acknowledged, more }, n) => [n + 1, acknowledged + more]));
        expect(lacksAcknowledged(theirs, doc, unsaved)).toBe(false);
      }),
      { seed: 20_261_123, numRuns: 200 }
    );
  });
});
