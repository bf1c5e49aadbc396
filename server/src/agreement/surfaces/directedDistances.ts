import type { Vector } from '@voxcord/schemas/geometry';
import { squaredDistanceTransform } from '../../morphology/distanceTransform.js';
import type { Surface } from './surface.js';

/** From each point of one surface to the nearest of another. */
export interface DirectedDistances {
  /** mm, in ascending order. */
  readonly distances: Float64Array;
  /** How much each counts, in the same order; null: each counts 1. */
  readonly weights: Float64Array | null;
}

/** Distances (mm) to one surface, from as many others as there are. */
export class DistancesTo {
  private readonly squared: Float64Array;

  constructor(to: Surface, spacing: Vector) {
    this.squared = squaredDistanceTransform(to.presence, to.lattice, spacing);
  }

  /** Each point of the surface counts the same. */
  unweighted(from: Surface): DirectedDistances {
    return { distances: this.lookUp(from).sort(), weights: null };
  }

  weighted(from: Surface): DirectedDistances {
    return sortByDistance(this.lookUp(from), from.kinds, from.weights);
  }

  private lookUp({ points }: Surface): Float64Array {
    const distances = new Float64Array(points.length);
    for (let at = 0; at < points.length; at++) distances[at] = Math.sqrt(this.squared[points[at] ?? 0] ?? 0);
    return distances;
  }
}

/** By distance, equal ones by weight. Few kinds of weights make it cheap: each is sorted alone, then they are merged. */
function sortByDistance(unsorted: Float64Array, kinds: Uint8Array, weightOf: Float64Array): DirectedDistances {
  const count = unsorted.length;
  const distances = new Float64Array(count);
  const weights = new Float64Array(count);
  const runs = runsByWeight(unsorted, kinds, weightOf);
  for (let at = 0; at < count;) {
    let nearest = Infinity;
    for (const run of runs) nearest = Math.min(nearest, run.sorted[run.next] ?? Infinity);
    for (const run of runs) {
      while (run.sorted[run.next] === nearest) {
        distances[at] = nearest;
        weights[at] = run.weight;
        at += 1;
        run.next += 1;
      }
    }
  }
  return { distances, weights };
}

interface Run {
  readonly weight: number;
  readonly sorted: Float64Array;
  next: number;
}

/** In ascending order of weight. */
function runsByWeight(distances: Float64Array, kinds: Uint8Array, weightOf: Float64Array): Run[] {
  const counts = new Int32Array(256);
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  const lists = [...counts].map(count => new Float64Array(count));
  const filled = new Int32Array(256);
  for (let at = 0; at < distances.length; at++) {
    const kind = kinds[at] ?? 0;
    const next = filled[kind] ?? 0;
    const list = lists[kind];
    if (list !== undefined) list[next] = distances[at] ?? 0;
    filled[kind] = next + 1;
  }
  return lists
    .map((list, kind) => ({ weight: weightOf[kind] ?? 0, sorted: list.sort(), next: 0 }))
    .filter(run => run.sorted.length > 0)
    .sort((a, b) => a.weight - b.weight);
}
