import type { SurfaceDefinition } from '../definitions.js';
import type { DirectedDistances } from './directedDistances.js';
import { interpolatedPercentile, weightedPercentile } from './percentiles.js';

/** Of two masks A and B. Lengths in mm. `null` where there is no value. */
export interface SurfaceFigures {
  readonly hd: number | null;
  /** The largest distance from A's surface to B's, and from B's to A's. */
  readonly hdDirected: readonly [number, number] | null;
  /** The robust Hausdorff distance at the chosen percentile: HD95 at 95. */
  readonly hdPercentile: number | null;
  readonly hdPercentileDirected: readonly [number, number] | null;
  /** Mean distance from A's surface to B's, and from B's to A's. */
  readonly asd: readonly [number, number] | null;
  /** Mean over both surfaces in one pool. */
  readonly assd: number | null;
  /** Mean of the two directed means. */
  readonly masd: number | null;
  /** Share of both surfaces within tau of the other (surface Dice); 0 if only one mask is empty. */
  readonly nsd: number | null;
  /** Share of A's surface within tau of B's, and of B's within tau of A's. */
  readonly overlap: readonly [number, number] | null;
}

const UNDEFINED: SurfaceFigures = {
  hd: null,
  hdDirected: null,
  hdPercentile: null,
  hdPercentileDirected: null,
  asd: null,
  assd: null,
  masd: null,
  nsd: null,
  overlap: null
};

/** Neither mask has a surface. */
export const FIGURES_OF_NOTHING = UNDEFINED;

/** Distances to nothing are infinite: of what there is, nothing lies within tau. */
export const FIGURES_WITH_ONE_EMPTY: SurfaceFigures = { ...UNDEFINED, nsd: 0 };

/** Of two surfaces that are not empty, by a definition whose distances these are. */
export function surfaceFigures(
  definition: SurfaceDefinition,
  aToB: DirectedDistances,
  bToA: DirectedDistances,
  { tau, percentile }: { readonly tau: number; readonly percentile: number }
): SurfaceFigures {
  const there = sums(aToB, tau);
  const back = sums(bToA, tau);
  const hdDirected = [aToB.distances.at(-1) ?? NaN, bToA.distances.at(-1) ?? NaN] as const;
  const hd = Math.max(...hdDirected);
  const isWeighted = definition === 'deepmind' || definition === 'mesh';
  const directed = [
    isWeighted ? weightedPercentile(aToB, percentile) : interpolatedPercentile([aToB], percentile),
    isWeighted ? weightedPercentile(bToA, percentile) : interpolatedPercentile([bToA], percentile)
  ] as const;
  if (definition === 'medpy') {
    return { ...UNDEFINED, hd, hdDirected, hdPercentile: interpolatedPercentile([aToB, bToA], percentile) };
  }
  if (definition === 'mean-of-directed') {
    const hdPercentile = (directed[0] + directed[1]) / 2;
    return { ...UNDEFINED, hd, hdDirected, hdPercentile, hdPercentileDirected: directed };
  }
  const asd = [there.distance / there.weight, back.distance / back.weight] as const;
  return {
    hd,
    hdDirected,
    hdPercentile: Math.max(...directed),
    hdPercentileDirected: directed,
    asd,
    assd: (there.distance + back.distance) / (there.weight + back.weight),
    masd: (asd[0] + asd[1]) / 2,
    nsd: (there.near + back.near) / (there.weight + back.weight),
    overlap: [there.near / there.weight, back.near / back.weight]
  };
}

/** mm. A distance that is tau but for the rounding of its computation is within tau. */
const ROUNDING = 1e-9;

interface Sums {
  readonly weight: number;
  /** Weight within tau. */
  readonly near: number;
  /** Weighted by the weights. */
  readonly distance: number;
}

function sums({ distances, weights, counts }: DirectedDistances, tau: number): Sums {
  let [weight, near, distance] = [0, 0, 0];
  for (let run = 0; run < distances.length; run++) {
    const each = distances[run] ?? 0;
    const part = (weights[run] ?? 0) * (counts[run] ?? 0);
    weight += part;
    distance += part * each;
    if (each <= tau + ROUNDING) near += part;
  }
  return { weight, near, distance };
}
