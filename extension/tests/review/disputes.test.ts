import { describe, expect, it } from 'vitest';
import { withDecisions } from '../../src/review/consensusDrafts.js';
import { inOrder, neighbour, nextOpen, progressOf } from '../../src/review/disputeOrder.js';
import { decision, dispute, result } from './support.js';

const numbers = (disputes: readonly { readonly number: number }[]): number[] => disputes.map(({ number }) => number);

describe('the order of disputes', () => {
  const disputes = [
    dispute(1, { volumeMl: 0.2, severity: 0.9 }),
    dispute(2, { volumeMl: 3, severity: 0.4 }),
    dispute(3, { volumeMl: 9, severity: 1, asked: false }),
    dispute(4, { volumeMl: 3, severity: 0.6 })
  ];

  it('begins with the biggest, those that need no decision last', () => {
    expect(numbers(inOrder(disputes, 'size'))).toEqual([2, 4, 1, 3]);
  });

  it('begins with the most disputed if one wants that', () => {
    expect(numbers(inOrder(disputes, 'severity'))).toEqual([1, 4, 2, 3]);
  });

  it('leads around its ends in both directions', () => {
    expect(neighbour(disputes, 4, 1)?.number).toBe(1);
    expect(neighbour(disputes, 1, -1)?.number).toBe(4);
    expect(neighbour(disputes, null, 1)?.number).toBe(1);
    expect(neighbour(disputes, null, -1)?.number).toBe(4);
    expect(neighbour([], null, 1)).toBeNull();
  });
});

describe('going on after a decision', () => {
  const open = dispute(1);
  const accepted = dispute(2, { decision: decision(2, { kind: 'consensus' }) });
  const left = dispute(3, { decision: decision(3, { kind: 'open' }) });
  const small = dispute(4, { asked: false });

  it('goes to the next dispute that nobody has touched, around the end', () => {
    expect(nextOpen([open, accepted, left, small], 2)?.number).toBe(1);
    expect(nextOpen([accepted, open], 2)?.number).toBe(1);
  });

  it('stops when every dispute that is asked for was touched', () => {
    expect(nextOpen([open, accepted, left, small], 1)).toBeNull();
  });

  it('counts what was left open as not decided, and what is not asked for not at all', () => {
    expect(progressOf([open, accepted, left, small])).toEqual({ asked: 3, decided: 1 });
  });
});

describe('decisions of others', () => {
  it('replace older ones and leave other disputes as they are', () => {
    const before = result({ disputes: [dispute(1), dispute(2, { decision: decision(2, { kind: 'open' }) })] });
    const after = withDecisions(before, [
      decision(2, { kind: 'consensus' }),
      decision(2, { kind: 'reader', letter: 'A' })
    ]);
    expect(after.disputes.map(one => one.decision?.choice ?? null)).toEqual([null, { kind: 'reader', letter: 'A' }]);
  });
});
