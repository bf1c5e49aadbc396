import { CorrelatedNoise, InPlaneBlur, type Acquisition } from './acquisition.js';
import type { PhantomGrid } from './phantomGrid.js';
import type { PhaseGeometry } from './phaseGeometry.js';
import { SliceRenderer, type TrueSlice } from './sliceRenderer.js';
import type { Subject } from './subject.js';

/** One slice of a phase: what the scanner gives, and what is true. */
export interface PhaseSlice {
  readonly k: number;
  /** CT numbers, HU, i fastest. */
  readonly hu: Int16Array;
  /** Share of each voxel that is liver, nodules not counted. */
  readonly liver: Float32Array;
}

const LOWEST_HU = -1024;
const HIGHEST_HU = 3071;

/** The slices of a phase from the lowest up, one at a time: three of them are in memory, never the volume. */
export function* phaseSlices(
  subject: Subject,
  geometry: PhaseGeometry,
  grid: PhantomGrid,
  acquisition: Acquisition
): Generator<PhaseSlice, void> {
  const [width, height, depth] = grid.dims;
  const inPlane: readonly [number, number] = [grid.affine[0], grid.affine[5]];
  const renderer = new SliceRenderer(subject, geometry, grid);
  const blur = new InPlaneBlur(width, height, acquisition.blurMm, inPlane);
  const noise = new CorrelatedNoise(width, height, acquisition, inPlane, subject.seed, geometry.phase);
  let below = renderer.render(-1);
  let here = renderer.render(0);
  for (let k = 0; k < depth; k++) {
    const above = renderer.render(k + 1);
    const seen = throughProfile(below, here, above, acquisition.sliceOverlap);
    blur.apply(seen);
    noise.addTo(seen, k);
    const hu = Int16Array.from(seen, value => Math.min(HIGHEST_HU, Math.max(LOWEST_HU, Math.round(value))));
    yield { k, hu, liver: here.liver };
    [below, here] = [here, above];
  }
}

function throughProfile(below: TrueSlice, here: TrueSlice, above: TrueSlice, overlap: number): Float32Array {
  return here.hu.map((value, n) => {
    return (1 - 2 * overlap) * value + overlap * ((below.hu[n] ?? value) + (above.hu[n] ?? value));
  });
}
