import type { Vector } from '@voxcord/schemas/geometry';
import { NearestPoint, type NearbyRows } from './nearestPoint.js';
import type { Surface } from './surface.js';

/**
 * From each point of one surface to the nearest of another. Points with the same distance and weight are counted
 * together: on a grid few distances occur, and each often.
 */
export interface DirectedDistances {
  /** mm, in ascending order; with the same distance in ascending order of weight. */
  readonly distances: Float64Array;
  /** How much one point counts. */
  readonly weights: Float64Array;
  /** How many points there are. */
  readonly counts: Uint32Array;
  /** All points together. */
  readonly points: number;
}

/** Distances (mm) to one surface, from as many others as there are. */
export class DistancesTo {
  private readonly nearest: NearestPoint;

  /** @param rows those of the surface's lattice (see `nearbyRows`) */
  constructor(to: Surface, spacing: Vector, rows: NearbyRows) {
    this.nearest = new NearestPoint(to, spacing, rows);
  }

  from(from: Surface): DirectedDistances {
    return countDistances(this.nearest.squaredDistances(from), from);
  }
}

function countDistances(squared: Float64Array, { kinds, weights }: Surface): DirectedDistances {
  const different = [...new Set(weights)].sort((a, b) => a - b);
  const rankOfKind = Uint8Array.from(weights, weight => different.indexOf(weight));
  const ranks = different.length;
  const table = new DistanceTable(ranks);
  for (let at = 0; at < squared.length; at++) table.add(squared[at] ?? 0, rankOfKind[kinds[at] ?? 0] ?? 0);
  const order = table.inOrder();
  const runs = order.flatMap(({ squared: square, place }) =>
    different.flatMap((weight, rank) => {
      const count = table.counts[place * ranks + rank] ?? 0;
      return count === 0 ? [] : [{ distance: Math.sqrt(square), weight, count }];
    })
  );
  return {
    distances: Float64Array.from(runs, run => run.distance),
    weights: Float64Array.from(runs, run => run.weight),
    counts: Uint32Array.from(runs, run => run.count),
    points: squared.length
  };
}

const EMPTY = -1;

/** Counts how often each squared distance occurs: a hash table with open addressing. */
class DistanceTable {
  counts: Uint32Array;
  private slots = new Int32Array(2048).fill(EMPTY);
  private keys = new Float64Array(1024);
  private size = 0;
  private readonly bits = new Uint32Array(2);
  private readonly number = new Float64Array(this.bits.buffer);

  /** @param ranks how many different weights there are */
  constructor(private readonly ranks: number) {
    this.counts = new Uint32Array(1024 * ranks);
  }

  add(squared: number, rank: number): void {
    let slot = this.slotOf(squared);
    let place = this.slots[slot] ?? EMPTY;
    if (place === EMPTY) {
      if (this.size === this.keys.length) {
        this.grow();
        slot = this.slotOf(squared);
      }
      place = this.size++;
      this.keys[place] = squared;
      this.slots[slot] = place;
    }
    const at = place * this.ranks + rank;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
  }

  inOrder(): { squared: number; place: number }[] {
    return Array.from(this.keys.subarray(0, this.size), (squared, place) => ({ squared, place })).sort(
      (a, b) => a.squared - b.squared
    );
  }

  /** Where a squared distance is, or would be. */
  private slotOf(squared: number): number {
    this.number[0] = squared;
    const mask = this.slots.length - 1;
    const mixed = Math.imul((this.bits[0] ?? 0) ^ Math.imul(this.bits[1] ?? 0, 0x85ebca6b), 0xc2b2ae35);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const place = this.slots[slot] ?? EMPTY;
      if (place === EMPTY || this.keys[place] === squared) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const keys = new Float64Array(2 * this.size);
    keys.set(this.keys);
    this.keys = keys;
    const counts = new Uint32Array(2 * this.counts.length);
    counts.set(this.counts);
    this.counts = counts;
    this.slots = new Int32Array(2 * this.slots.length).fill(EMPTY);
    for (let place = 0; place < this.size; place++) this.slots[this.slotOf(keys[place] ?? 0)] = place;
  }
}
