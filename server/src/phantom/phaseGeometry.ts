import { VectorLattice } from './lattice.js';
import { drawMotion, phaseDisplacement, type PhaseMotion } from './motion.js';
import type { Point } from './shapes.js';
import { EXTENT, type Subject } from './subject.js';
import { REFERENCE_PHASE, type Phase } from './tissues.js';

const LATTICE_MM = 10;

/** Where the subject's tissue lies in one phase. All points are world mm. */
export class PhaseGeometry {
  readonly motion: PhaseMotion;
  /** How much longer a step can become in the subject's coordinates. */
  readonly stretch: number;
  private readonly pull: VectorLattice | null;
  private readonly shift = new Float64Array(3);

  constructor(
    private readonly subject: Subject,
    readonly phase: Phase
  ) {
    this.motion = drawMotion(subject.seed, phase);
    const { halfWidth, halfDepth } = subject.size;
    this.pull =
      phase === REFERENCE_PHASE
        ? null
        : new VectorLattice(
            ...EXTENT,
            LATTICE_MM,
            phaseDisplacement(subject.seed, phase, this.motion, [halfWidth, halfDepth, 1])
          );
    this.stretch = this.pull?.stretch ?? 1;
  }

  /** Writes the reference-phase point (0-2) and the common-anatomy point (3-5) of a point of this phase. */
  locate(x: number, y: number, z: number, into: Float64Array): void {
    let [rx, ry, rz] = [x, y, z];
    const shift = this.shift;
    if (this.pull !== null) {
      this.pull.sample(x, y, z, shift);
      rx += shift[0] ?? 0;
      ry += shift[1] ?? 0;
      rz += shift[2] ?? 0;
    }
    into[0] = rx;
    into[1] = ry;
    into[2] = rz;
    this.subject.variation.sample(rx, ry, rz, shift);
    into[3] = rx + (shift[0] ?? 0);
    into[4] = ry + (shift[1] ?? 0);
    into[5] = rz + (shift[2] ?? 0);
  }

  /** As `stretch`, for steps of at most `reach` mm from a point. */
  subjectStretch(x: number, y: number, z: number, reach: number): number {
    return this.pull === null ? 1 : this.pull.stretchNear(x, y, z, reach);
  }

  /**
   * How much longer a step of at most `reach` mm in the subject's coordinates can become in those of the common anatomy;
   * `located` is what `locate` wrote.
   */
  anatomyStretch(located: Float64Array, reach: number): number {
    return this.subject.variation.stretchNear(located[0] ?? 0, located[1] ?? 0, located[2] ?? 0, reach);
  }

  /** The reference-phase point that lies here in this phase. */
  toReference([x, y, z]: Point): Point {
    if (this.pull === null) return [x, y, z];
    this.pull.sample(x, y, z, this.shift);
    return [x + (this.shift[0] ?? 0), y + (this.shift[1] ?? 0), z + (this.shift[2] ?? 0)];
  }

  /** Where a point of the reference phase lies in this phase, to about 1e-6 mm. */
  fromReference(point: Point): Point {
    let at = point;
    for (let step = 0; step < 60; step++) {
      const back = this.toReference(at);
      at = [at[0] + point[0] - back[0], at[1] + point[1] - back[1], at[2] + point[2] - back[2]];
    }
    return at;
  }
}
