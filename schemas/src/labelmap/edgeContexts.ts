import { NEW_EDGE, type RowStore } from './rowStore.js';

/*
 * How the edges of a stroke are predicted. Encoder and decoder walk the rows of the stroke's box in the same order and
 * see the same things when they ask for a context:
 *
 *   reference  the edge of the row before that this edge probably continues
 *   slope      how the reference itself moved from the row before that
 *   above      where the nearest such edge lies in the same row of the slice before, seen from the reference
 *   partner    for the end of a run: how far its start moved
 */

/** Farthest that an edge may move from its reference; beyond it is coded by itself. */
export const FARTHEST_MOVE = 7;

/** Longest prefix of an explicit distance, in bits: distances stay below 2^17. */
export const LONGEST_PREFIX = 17;

/** What was coded last, as part of the context of the next decision. */
export const Step = { none: 0, follow: 1, pass: 2, fresh: 3 } as const;
export type Step = (typeof Step)[keyof typeof Step];

/** `above` when there is no such edge. */
export const NOTHING_ABOVE = 7;
const ABOVE_REACH = 8;

const FOLLOW = 0;
const PASS = FOLLOW + 4 * 2 * 8;
const MORE = PASS + 4 * 2;
const DISTANCE = MORE + 4 * 2 * 8;
const MOVE = DISTANCE + 2 * 64;
const MOVE_SIZE = 16;

export const CONTEXT_COUNT = MOVE + 2 * 8 * 8 * 6 * MOVE_SIZE;

function clamp(value: number, reach: number): number {
  return (value < -reach ? -reach : value > reach ? reach : value) + reach;
}

/** Is the next edge near its reference? */
export function followContext(last: Step, painted: number, above: number): number {
  return FOLLOW + (last * 2 + painted) * 8 + above;
}

/** If not: is the reference a run (or gap) that this row does not have? */
export function passContext(last: Step, painted: number): number {
  return PASS + last * 2 + painted;
}

/** Without a reference: has the row another run? */
export function moreContext(last: Step, rowBeforeIsEmpty: boolean, above: number): number {
  return MORE + (last * 2 + (rowBeforeIsEmpty ? 1 : 0)) * 8 + above;
}

/** First of 32 contexts for the length of an explicit distance; 32 more for its bits follow. */
export function distanceContext(painted: number): number {
  return DISTANCE + painted * 64;
}

/** First of 16 contexts for how far an edge moved: same?, direction, then one per step by direction. */
export function moveContext(painted: number, slope: number, above: number, partner: number): number {
  const steepness = slope === NEW_EDGE ? 7 : clamp(slope, 3);
  const start = painted === 0 ? 0 : clamp(partner, 2) + 1;
  return MOVE + (((painted * 8 + steepness) * 8 + above) * 6 + start) * MOVE_SIZE;
}

/** Context of the `step`-th unit of a move, whose first context is `move`. */
export function stepContext(move: number, forward: number, step: number): number {
  return move + (forward === 1 ? 2 : 8) + (step < 4 ? step : 4);
}

/**
 * Where the edge nearest to `expected` lies in row `row` of the slice before, as a context value. `cursor` is the first
 * edge that is still ahead; only few are looked at, so that no row costs more than its length.
 */
export function edgeAbove(slice: RowStore, row: number, cursor: number, painted: number, expected: number): number {
  const end = slice.end(row);
  let edge = cursor;
  if (((edge - slice.start(row)) & 1) !== painted) edge++;
  if (edge >= end) return NOTHING_ABOVE;
  let nearest = (slice.edges[edge] ?? 0) - expected;
  for (let looked = 0; looked < ABOVE_REACH && edge + 2 < end; looked++) {
    edge += 2;
    const distance = (slice.edges[edge] ?? 0) - expected;
    if (Math.abs(distance) >= Math.abs(nearest)) break;
    nearest = distance;
  }
  return clamp(nearest, 3);
}
