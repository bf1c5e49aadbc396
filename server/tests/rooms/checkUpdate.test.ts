import { encodeVisibility, LabelMapError, MAX_LAMPORT, readRecord } from '@voxcord/schemas/labelmap';
import { CloseCode, strokeLogName } from '@voxcord/schemas/rooms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { checkContents, checkUpdate, type AcceptedState, type UpdateVerdict } from '../../src/rooms/checkUpdate.js';
import { UpdateFormatError, UpdateReader } from '../../src/rooms/updateReader.js';
import { encodeRecords, extractClient, splitUpdate } from '../../src/rooms/updateWriter.js';
import { boxRegion, recordKeys, someRegion, strokeBytes } from './support/painting.js';
import { DIMS } from './support/roomService.js';

const SEED = 20_260_102;
const SERVER = 4_000_000_000;
const ANA = 17;
const BEN = 18;

/** The room so far: Ana has three records with clocks 10, 20 and 30, Ben two; the first of Ana's is compacted. */
const STATE: AcceptedState = {
  dims: DIMS,
  highestLamport: 40,
  length: client => ({ [ANA]: 3, [BEN]: 2, [SERVER]: 7 })[client] ?? 0,
  ownerOf: client => ({ [ANA]: 'ana', [BEN]: 'ben', [SERVER]: null })[client],
  lastLamport: client => ({ [ANA]: 30, [BEN]: 40 })[client] ?? 0,
  hasSegment: segment => segment <= 5,
  isDeleted: ({ client, clock, length }) => client === ANA && clock + length <= 1
};

function stroke(lamport: number, segment = 1): Uint8Array {
  return strokeBytes(lamport, segment, someRegion(lamport));
}

function append(client: number, clock: number, ...records: Uint8Array[]): Uint8Array {
  return encodeRecords([{ client, clock, records }]);
}

/** The whole check, as a room does it in turns. */
function check(update: Uint8Array, username = 'ana', state = STATE): UpdateVerdict {
  const verdict = checkUpdate(update, state, username);
  if (verdict.kind !== 'accepted') return verdict;
  try {
    for (const _ of checkContents(verdict.logs, DIMS));
    return verdict;
  } catch (error) {
    if (!(error instanceof LabelMapError)) throw error;
    return { kind: 'refused', code: CloseCode.forged, reason: error.message };
  }
}

/** What a client sends that writes into a document of its own. */
function written(client: number, write: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = client;
  write(doc);
  return Y.encodeStateAsUpdate(doc);
}

describe('An update message', () => {
  it('may append records to the own log', () => {
    const records = [
      stroke(41),
      stroke(42),
      encodeVisibility({ lamport: 43, target: { client: ANA, clock: 3 }, hidden: true })
    ];
    expect(check(append(ANA, 3, ...records))).toMatchObject({
      kind: 'accepted',
      logs: [{ client: ANA, clock: 3, records }],
      needs: new Map([[ANA, 6]])
    });
  });

  it('may start a log under a client id that nobody has used', () => {
    expect(check(append(99, 0, stroke(1)), 'eve')).toMatchObject({ kind: 'accepted', logs: [{ client: 99 }] });
  });

  it('may repeat what is there, with something new behind it', () => {
    const verdict = check(append(ANA, 0, stroke(10), stroke(20), stroke(30), stroke(50)));
    expect(verdict).toMatchObject({ kind: 'accepted', logs: [{ clock: 3, records: [stroke(50)] }] });
  });

  it('adds nothing if everything in it is there', () => {
    expect(check(append(ANA, 1, stroke(20), stroke(30)))).toEqual({
      kind: 'accepted',
      logs: [],
      needs: new Map([[ANA, 3]]),
      isPart: false
    });
    expect(check(append(BEN, 0, stroke(1)))).toMatchObject({ kind: 'accepted', logs: [] });
    expect(check(Uint8Array.of(0, 0))).toEqual({ kind: 'accepted', logs: [], needs: new Map(), isPart: false });
  });

  it('is accepted part by part if it holds very many records', () => {
    const records = Array.from({ length: 2500 }, (_, n) => stroke(50 + n));
    const verdict = check(append(99, 0, ...records));
    expect(verdict).toMatchObject({ kind: 'accepted', isPart: true, needs: new Map([[99, 2500]]) });
    const lengths = { [ANA]: 3, [BEN]: 2, [SERVER]: 7, [99]: 2000 } as Record<number, number>;
    const later = { ...STATE, length: (client: number) => lengths[client] ?? 0, lastLamport: () => 2049 };
    const rest = check(append(99, 0, ...records), 'ana', later);
    expect(rest).toMatchObject({ kind: 'accepted', isPart: false, logs: [{ client: 99, clock: 2000 }] });
    expect([verdict, rest].map(part => (part.kind === 'accepted' ? part.logs[0]?.records.length : 0))).toEqual([
      1000, 500
    ]);
  });

  it('waits if something before it is missing', () => {
    expect(check(append(ANA, 4, stroke(50)))).toEqual({ kind: 'gap', needs: new Map([[ANA, 5]]) });
    const behindHole = Y.mergeUpdates([append(ANA, 3, stroke(50)), append(ANA, 5, stroke(60))]);
    expect(check(behindHole).kind).toBe('gap');
  });

  it('may repeat deletions that the server made', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, append(ANA, 0, stroke(10), stroke(20), stroke(30)));
    doc.getArray(strokeLogName(ANA)).delete(0, 1);
    expect(check(Y.encodeStateAsUpdate(doc))).toMatchObject({ kind: 'accepted', logs: [] });
    doc.getArray(strokeLogName(ANA)).delete(0, 1);
    expect(check(Y.encodeStateAsUpdate(doc))).toMatchObject({ kind: 'refused', code: CloseCode.forged });
  });

  const forged: [string, Uint8Array][] = [
    ["somebody else's client id", append(BEN, 2, stroke(50))],
    ["the server's client id", append(SERVER, 7, stroke(50))],
    ["somebody else's log", written(77, doc => doc.getArray(strokeLogName(BEN)).push([stroke(50)]))],
    ['another root', written(77, doc => doc.getArray('strokes').push([stroke(50)]))],
    ['a map key', written(77, doc => doc.getMap(strokeLogName(77)).set('a', stroke(50)))],
    ['plain values', written(77, doc => doc.getArray(strokeLogName(77)).push([1, 'a', null, { a: [1n, 2.5] }]))],
    [
      'a deleted item',
      written(77, doc => {
        doc.getArray(strokeLogName(77)).push([stroke(50)]);
        doc.getArray(strokeLogName(77)).delete(0, 1);
      })
    ],
    [
      'a record in front of others',
      written(77, doc => {
        const log = doc.getArray(strokeLogName(77));
        log.push([stroke(50)]);
        log.insert(0, [stroke(51)]);
      })
    ],
    [
      'a deletion',
      written(77, doc => {
        Y.applyUpdate(doc, append(BEN, 0, stroke(1), stroke(2)));
        doc.getArray(strokeLogName(BEN)).delete(1, 1);
      })
    ],
    ['a garbage record', append(ANA, 3, Uint8Array.of(1, 2, 3))],
    ['an empty record', append(ANA, 3, new Uint8Array())],
    [
      'a stroke outside the grid',
      append(ANA, 3, strokeBytes(50, 1, boxRegion([60, 40, 30], [20, 5, 5]), [128, 128, 128]))
    ],
    ['a segment that does not exist', append(ANA, 3, stroke(50, 6))],
    ['a clock that does not rise', append(ANA, 3, stroke(30))],
    ['clocks that fall', append(ANA, 3, stroke(52), stroke(51))],
    ['a clock far ahead', append(ANA, 3, stroke(20_041))],
    ['the highest clock of all', append(ANA, 3, stroke(MAX_LAMPORT))],
    [
      'undo of what is not there',
      append(ANA, 3, encodeVisibility({ lamport: 50, target: { client: ANA, clock: 4 }, hidden: true }))
    ],
    [
      "undo of somebody else's stroke",
      append(ANA, 3, encodeVisibility({ lamport: 50, target: { client: BEN, clock: 0 }, hidden: true }))
    ]
  ];
  it.each(forged)('is refused with %s', (_what, update) => {
    expect(check(update)).toMatchObject({ kind: 'refused', code: CloseCode.forged });
  });

  const malformed: [string, Uint8Array][] = [
    ['text', written(77, doc => doc.getText('a').insert(0, 'hello'))],
    ['a nested type', written(77, doc => doc.getArray(strokeLogName(77)).push([new Y.Array()]))],
    ['a cut', append(ANA, 3, stroke(50)).slice(0, -10)],
    ['bytes behind its end', Uint8Array.of(...append(ANA, 3, stroke(50)), 0)],
    ['no content', new Uint8Array()],
    ['2^53 structs', Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 255, 15, 5, 0)],
    ['a number that is too high', Uint8Array.of(...new Array<number>(20).fill(255))]
  ];
  it.each(malformed)('is refused with %s', (_what, update) => {
    expect(check(update)).toMatchObject({ kind: 'refused', code: CloseCode.badMessage });
  });

  it('is refused in a room in which only the server writes', () => {
    const state = { ...STATE, dims: null };
    expect(check(append(99, 0, stroke(1)), 'eve', state)).toMatchObject({
      kind: 'refused',
      code: CloseCode.notAllowed
    });
    expect(check(Uint8Array.of(0, 0), 'eve', state)).toMatchObject({ kind: 'accepted', logs: [] });
  });
});

describe('An update message made at random', () => {
  const good = append(ANA, 0, stroke(10), stroke(20), stroke(30), stroke(50), stroke(60));
  const other = Y.mergeUpdates([append(ANA, 3, stroke(50)), append(99, 0, stroke(1), stroke(2))]);

  /** Whatever passes must be what a client may write; anything else is a bug of the check. */
  function expectLawful(verdict: UpdateVerdict): void {
    if (verdict.kind !== 'accepted') return;
    for (const { client, clock, records } of verdict.logs) {
      expect(STATE.ownerOf(client) ?? 'ana').toBe('ana');
      expect(client).not.toBe(SERVER);
      expect(clock).toBe(STATE.length(client));
      let lamport = STATE.lastLamport(client);
      for (const bytes of records) {
        const record = readRecord(bytes, DIMS);
        expect(record.lamport).toBeGreaterThan(lamport);
        lamport = record.lamport;
      }
    }
    // What goes into the log can be applied to a document that holds what was there before.
    const doc = new Y.Doc();
    Y.applyUpdate(doc, append(ANA, 0, stroke(10), stroke(20), stroke(30)));
    const before = recordKeys(doc).length;
    Y.applyUpdate(doc, encodeRecords(verdict.logs));
    expect(doc.store.pendingStructs).toBeNull();
    expect(recordKeys(doc)).toHaveLength(before + verdict.logs.reduce((sum, log) => sum + log.records.length, 0));
  }

  it.each([
    ['the own records', good],
    ['two logs', other]
  ])('is refused or lawful, never worse: %s with bytes changed', (_what, base) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), changes => {
        const update = base.slice();
        for (const [index, value] of changes) update[index] = value;
        expectLawful(check(update));
      }),
      { seed: SEED, numRuns: 4000 }
    );
  });

  it('is refused or lawful, never worse: pieces cut out, doubled and swapped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length), fc.nat(good.length)), { minLength: 1, maxLength: 5 }),
        cuts => {
          const update = Uint8Array.from(cuts.flatMap(([from, to]) => [...good.subarray(from, to)]));
          expectLawful(check(update));
        }
      ),
      { seed: SEED, numRuns: 3000 }
    );
  });

  it('is refused or lawful, never worse: any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), update => expectLawful(check(update))),
      { seed: SEED, numRuns: 5000 }
    );
  });

  it('takes no more work than a frame has bytes', () => {
    // The smallest structs and ranges there are: half a million of them.
    const structs = new Uint8Array(1_048_000);
    structs.set([1, 0xc0, 0xfb, 0x3f, 17, 0]);
    for (let at = 6; at + 1 < structs.length; at += 2) structs.set([0, 1], at);
    expect(check(structs).kind).toBe('refused');
    const ranges = new Uint8Array(1_048_000);
    ranges.set([0, 1, 17, 0xc0, 0xfb, 0x1f]);
    for (let at = 6; at + 1 < ranges.length; at += 2) ranges.set([0, 1], at);
    expect(check(ranges).kind).toBe('refused');
  });
});

describe('The reader of updates', () => {
  it('reads what Yjs reads', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.nat(9)), { maxLength: 30 }), steps => {
        const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
        for (const [who, what, value] of steps) {
          const doc = docs[who];
          if (doc === undefined) continue;
          const array = doc.getArray<Uint8Array>('a');
          if (what === 0) array.push([new Uint8Array(value)]);
          else if (what === 1) doc.getMap('m').set(String(value), { value, nested: [null, true, 'x', 1.5] });
          else if (what === 2 && array.length > 0) array.delete(value % array.length, 1);
          else for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
        }
        for (const doc of docs) {
          const update = Y.encodeStateAsUpdate(doc);
          const { structs, ds } = Y.decodeUpdate(update);
          const reader = new UpdateReader(update);
          const read = [...reader.structs()].map(({ client, clock, length }) => [client, clock, length]);
          expect(read).toEqual(structs.map(({ id, length }) => [id.client, id.clock, length]));
          const ranges = [...reader.deletions()].map(({ client, clock, length }) => [client, clock, length]);
          expect(ranges).toEqual(
            [...ds.clients].flatMap(([client, own]) => own.map(({ clock, len }) => [client, clock, len]))
          );
        }
      }),
      { seed: SEED, numRuns: 300 }
    );
  });

  it('reads to the end or throws one kind of error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), update => {
        const reader = new UpdateReader(update);
        try {
          expect([...reader.structs(), ...reader.deletions()].length).toBeLessThanOrEqual(update.length);
        } catch (error) {
          expect(error).toBeInstanceOf(UpdateFormatError);
        }
      }),
      { seed: SEED, numRuns: 5000 }
    );
  });
});

describe('A split update', () => {
  it('gives the same document, part by part and within the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.nat(300)), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 100, max: 2000 }),
        (pushes, limit) => {
          const doc = new Y.Doc();
          for (const [client, size] of pushes) {
            doc.clientID = client + 1;
            doc.getArray<Uint8Array>(`strokes/${client}`).push([new Uint8Array(size).fill(size)]);
            if (size % 5 === 0) doc.getArray(`strokes/${client}`).delete(0, 1);
          }
          const update = Y.encodeStateAsUpdate(doc);
          const parts = splitUpdate(update, limit);
          const copy = new Y.Doc();
          for (const part of parts) Y.applyUpdate(copy, part);
          expect(Y.equalSnapshots(Y.snapshot(copy), Y.snapshot(doc))).toBe(true);
          expect(recordKeys(copy)).toEqual(recordKeys(doc));
          for (const part of parts) expect(part.length).toBeLessThanOrEqual(Math.max(limit, 400));
        }
      ),
      { seed: SEED, numRuns: 200 }
    );
  });

  it('can be reduced to what one client wrote', () => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    doc.getMap('segments').set('1', 'a');
    doc.getMap('segments').set('1', 'b');
    doc.clientID = 2;
    doc.getArray('strokes/2').push([new Uint8Array(3)]);
    const own = new Y.Doc();
    Y.applyUpdate(own, extractClient(Y.encodeStateAsUpdate(doc), 1));
    expect(own.getMap('segments').toJSON()).toEqual({ '1': 'b' });
    expect([...Y.decodeStateVector(Y.encodeStateVector(own)).keys()]).toEqual([1]);
  });
});
