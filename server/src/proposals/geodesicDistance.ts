import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';

/** Scans back and forth settle after a few; more would be a maze. */
const MOST_SCANS = 24;
/** What becomes no shorter than this share of itself has settled. */
const SETTLED = 0.995;

/**
 * Lengths of the shortest ways from seeds, in place: a step between neighbours (faces, edges, corners) costs its length
 * in mm times the mean of `1 + cost` of both ends. Raster scans until nothing to speak of changes, so that the order of the axes does
 * not count (Toivanen, Pattern Recognition Letters 17, 1996; in segmentation: Criminisi, Sharp and Blake, ECCV 2008).
 *
 * @param lengths 0 on seeds, infinite elsewhere; a voxel with a negative number is a wall
 * @param costs one number of at least 0 per voxel
 * @param checkpoint called before each scan; throws to give up
 */
export function spread(
  lengths: Float32Array,
  costs: Float32Array,
  dims: Dims,
  spacing: Vector,
  checkpoint: () => void = () => undefined
): void {
  const grid = new PaddedGrid(dims);
  const paddedLengths = grid.pad(lengths, -1);
  const paddedCosts = grid.pad(costs, 0);
  const { offsets, steps } = earlierSteps(grid.dims, spacing);
  for (let scan = 0; scan < MOST_SCANS; scan++) {
    checkpoint();
    const isForward = scan % 2 === 0;
    const hasChanged = scanOnce(paddedLengths, paddedCosts, grid.dims, offsets, steps, isForward);
    if (!hasChanged && scan > 0) break;
  }
  grid.unpad(paddedLengths, lengths);
}

function scanOnce(
  lengths: Float32Array,
  costs: Float32Array,
  [ni, nj, nk]: Dims,
  offsets: Int32Array,
  steps: Float32Array,
  isForward: boolean
): boolean {
  const sign = isForward ? 1 : -1;
  const count = offsets.length;
  let hasChanged = false;
  for (let kk = 1; kk < nk - 1; kk++) {
    const k = isForward ? kk : nk - 1 - kk;
    for (let jj = 1; jj < nj - 1; jj++) {
      const j = isForward ? jj : nj - 1 - jj;
      let at = (isForward ? 1 : ni - 2) + ni * (j + nj * k);
      for (let n = 1; n < ni - 1; n++, at += sign) {
        const before = lengths[at] ?? 0;
        if (before <= 0) continue;
        const cost = costs[at] ?? 0;
        let least = before;
        for (let m = 0; m < count; m++) {
          const other = at + sign * (offsets[m] ?? 0);
          const start = lengths[other] ?? 0;
          if (start < 0 || start >= least) continue;
          const length = start + (steps[m] ?? 0) * (2 + cost + (costs[other] ?? 0));
          if (length < least) least = length;
        }
        const rounded = Math.fround(least);
        if (rounded < before) {
          lengths[at] = rounded;
          if (rounded < SETTLED * before) hasChanged = true;
        }
      }
    }
  }
  return hasChanged;
}

/** Neighbours that come earlier in linear order, with half the way to them in mm. */
function earlierSteps([ni, nj]: Dims, spacing: Vector): { offsets: Int32Array; steps: Float32Array } {
  const offsets: number[] = [];
  const steps: number[] = [];
  for (let dk = -1; dk <= 0; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        const offset = di + ni * (dj + nj * dk);
        if (offset >= 0) continue;
        offsets.push(offset);
        steps.push(Math.hypot(di * spacing[0], dj * spacing[1], dk * spacing[2]) / 2);
      }
    }
  }
  return { offsets: Int32Array.from(offsets), steps: Float32Array.from(steps) };
}

/** A grid with a border of one voxel, so that every voxel has all its neighbours. */
class PaddedGrid {
  readonly dims: Dims;

  constructor(private readonly inner: Dims) {
    this.dims = [inner[0] + 2, inner[1] + 2, inner[2] + 2];
  }

  pad(values: Float32Array, border: number): Float32Array {
    const padded = new Float32Array(this.dims[0] * this.dims[1] * this.dims[2]).fill(border);
    this.eachRow((from, to, length) => padded.set(values.subarray(from, from + length), to));
    return padded;
  }

  unpad(padded: Float32Array, values: Float32Array): void {
    this.eachRow((to, from, length) => values.set(padded.subarray(from, from + length), to));
  }

  private eachRow(visit: (inner: number, padded: number, length: number) => void): void {
    const [ni, nj, nk] = this.inner;
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        visit(ni * (j + nj * k), 1 + this.dims[0] * (j + 1 + this.dims[1] * (k + 1)), ni);
      }
    }
  }
}
