import type { PhantomGrid } from './phantomGrid.js';
import { deriveSeed } from './random.js';
import { SmoothField } from './smoothField.js';
import type { PhaseGeometry } from './phaseGeometry.js';
import type { Subject } from './subject.js';
import { phaseIndex, TISSUES } from './tissues.js';

/** One slice as it truly is, before scanner and noise. */
export interface TrueSlice {
  /** Mean CT number of each voxel, without noise. */
  readonly hu: Float32Array;
  /** Share of each voxel that is liver, its vessels and benign lesions included, its nodules not. */
  readonly liver: Float32Array;
  /** Standard deviation of the structure that its tissues have of their own, HU; already in `hu`. */
  readonly texture: Float32Array;
}

/** Edge of the largest square that is decided at once, in voxels; a power of two. */
const LARGEST_SQUARE = 64;
const TEXTURE_MM = 3;

/**
 * Draws slices. A square of voxels whose surroundings hold no surface of any structure is filled at once; others are
 * quartered, and single voxels are averaged over a grid two to three times finer.
 */
export class SliceRenderer {
  /** Samples per voxel along i, j and k. */
  readonly samples: readonly [number, number, number];
  private readonly spacing: readonly [number, number, number];
  private readonly origin: readonly [number, number, number];
  private readonly hu: Float64Array;
  private readonly texture: Float64Array;
  private readonly isLiver: Uint8Array;
  private readonly field: SmoothField;
  private readonly at = new Float64Array(6);
  /** Index of the structure that fills the square just culled, `NOTHING` for air, or `UNDECIDED`. */
  private decided = NOTHING;
  /** Candidate structures by depth of the recursion. */
  private readonly candidates: Uint16Array[];

  constructor(
    private readonly subject: Subject,
    private readonly geometry: PhaseGeometry,
    private readonly grid: PhantomGrid
  ) {
    const { affine } = grid;
    this.spacing = [affine[0], affine[5], affine[10]];
    this.origin = [affine[3], affine[7], affine[11]];
    this.samples = [2, 2, this.spacing[2] > 1.6 ? 3 : 2];
    const { structures, lesions } = subject;
    const phase = geometry.phase;
    this.hu = Float64Array.from(structures, structure => {
      return lesions.ownHu.get(structure)?.[phase] ?? TISSUES[structure.tissue].hu[phaseIndex(phase)];
    });
    this.texture = Float64Array.from(structures, ({ tissue }) => TISSUES[tissue].texture);
    this.isLiver = Uint8Array.from(structures, ({ kind }) => (kind === 'liver' ? 1 : 0));
    this.field = new SmoothField(deriveSeed(subject.seed, 'texture'), TEXTURE_MM);
    this.candidates = Array.from({ length: 10 }, () => new Uint16Array(structures.length));
  }

  render(k: number): TrueSlice {
    const [width, height] = this.grid.dims;
    const make = (): Float32Array => new Float32Array(width * height);
    const slice: TrueSlice = { hu: make(), liver: make(), texture: make() };
    const all = this.candidates[0];
    if (all === undefined) return slice;
    for (let n = 0; n < all.length; n++) all[n] = n;
    for (let j = 0; j < height; j += LARGEST_SQUARE) {
      for (let i = 0; i < width; i += LARGEST_SQUARE) this.square(slice, i, j, k, LARGEST_SQUARE, 0, all.length);
    }
    this.addTexture(slice, k);
    return slice;
  }

  /** Decides a square of voxels, out of the first `count` candidates of its depth. */
  private square(slice: TrueSlice, i: number, j: number, k: number, size: number, depth: number, count: number): void {
    const [width, height] = this.grid.dims;
    if (i >= width || j >= height) return;
    const [sx, sy, sz] = this.spacing;
    const [ox, oy, oz] = this.origin;
    const half = (size - 1) / 2;
    const [x, y, z] = [ox + (i + half) * sx, oy + (j + half) * sy, oz + k * sz];
    const reach = Math.sqrt((size * sx) ** 2 + (size * sy) ** 2 + sz * sz) / 2;
    const left = this.cull(depth, count, x, y, z, reach);
    if (this.decided !== UNDECIDED) {
      this.fill(slice, i, j, size, this.decided);
    } else if (size === 1) {
      this.average(slice, i, j, k, depth + 1, left);
    } else {
      const next = size / 2;
      this.square(slice, i, j, k, next, depth + 1, left);
      this.square(slice, i + next, j, k, next, depth + 1, left);
      this.square(slice, i, j + next, k, next, depth + 1, left);
      this.square(slice, i + next, j + next, k, next, depth + 1, left);
    }
  }

  /**
   * Keeps what may be seen within `reach` mm of a point, for the next depth, and answers how many; says in `decided` what
   * fills all of it.
   */
  private cull(depth: number, count: number, x: number, y: number, z: number, reach: number): number {
    const from = this.candidates[depth];
    const into = this.candidates[depth + 1];
    if (from === undefined || into === undefined) throw new RangeError('The recursion is too deep.');
    const { at, geometry } = this;
    geometry.locate(x, y, z, at);
    const inSubjectMargin = reach * geometry.subjectStretch(x, y, z, reach);
    const inAnatomyMargin = inSubjectMargin * geometry.anatomyStretch(at, inSubjectMargin);
    const [rx, ry, rz, ax, ay, az] = [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0, at[3] ?? 0, at[4] ?? 0, at[5] ?? 0];
    let kept = 0;
    this.decided = NOTHING;
    for (let n = 0; n < count; n++) {
      const index = from[n] ?? 0;
      const structure = this.subject.structures[index];
      if (structure === undefined) continue;
      const inSubject = structure.frame === 'subject';
      const distance = inSubject ? structure.shape(rx, ry, rz) : structure.shape(ax, ay, az);
      const margin = inSubject ? inSubjectMargin : inAnatomyMargin;
      if (distance > margin) continue;
      into[kept++] = index;
      if (distance < -margin) {
        this.decided = kept === 1 ? index : UNDECIDED;
        return kept;
      }
      this.decided = UNDECIDED;
    }
    return kept;
  }

  private fill(slice: TrueSlice, i: number, j: number, size: number, index: number): void {
    const [width, height] = this.grid.dims;
    const columns = Math.min(size, width - i);
    for (let row = j; row < Math.min(j + size, height); row++) {
      const start = row * width + i;
      slice.hu.fill(this.huOf(index), start, start + columns);
      slice.liver.fill(this.isLiver[index] ?? 0, start, start + columns);
      slice.texture.fill(this.texture[index] ?? 0, start, start + columns);
    }
  }

  /** A voxel that a surface may cross: the mean over its samples. A layer of samples without a surface is told at once. */
  private average(slice: TrueSlice, i: number, j: number, k: number, depth: number, count: number): void {
    const [sx, sy, sz] = this.spacing;
    const [ox, oy, oz] = this.origin;
    const [nx, ny, nz] = this.samples;
    const reach = Math.sqrt(sx * sx + sy * sy + (sz / nz) ** 2) / 2;
    const list = this.candidates[depth + 1];
    if (list === undefined) return;
    const perLayer = nx * ny;
    let hu = 0;
    let liver = 0;
    let texture = 0;
    for (let c = 0; c < nz; c++) {
      const z = oz + (k + (c + 0.5) / nz - 0.5) * sz;
      const left = this.cull(depth, count, ox + i * sx, oy + j * sy, z, reach);
      if (this.decided !== UNDECIDED) {
        hu += perLayer * this.huOf(this.decided);
        liver += perLayer * (this.isLiver[this.decided] ?? 0);
        texture += perLayer * (this.texture[this.decided] ?? 0);
        continue;
      }
      for (let b = 0; b < ny; b++) {
        const y = oy + (j + (b + 0.5) / ny - 0.5) * sy;
        for (let a = 0; a < nx; a++) {
          const index = this.visible(ox + (i + (a + 0.5) / nx - 0.5) * sx, y, z, list, left);
          hu += this.huOf(index);
          liver += this.isLiver[index] ?? 0;
          texture += this.texture[index] ?? 0;
        }
      }
    }
    const share = 1 / (perLayer * nz);
    const voxel = j * this.grid.dims[0] + i;
    slice.hu[voxel] = hu * share;
    slice.liver[voxel] = liver * share;
    slice.texture[voxel] = texture * share;
  }

  private huOf(index: number): number {
    return index === NOTHING ? AIR : (this.hu[index] ?? AIR);
  }

  /** The uppermost of the first `count` structures of a list at a point; `NOTHING` for air. */
  private visible(x: number, y: number, z: number, list: Uint16Array, count: number): number {
    const at = this.at;
    this.geometry.locate(x, y, z, at);
    for (let n = 0; n < count; n++) {
      const index = list[n] ?? 0;
      const structure = this.subject.structures[index];
      if (structure === undefined) continue;
      const offset = structure.frame === 'subject' ? 0 : 3;
      if (structure.shape(at[offset] ?? 0, at[offset + 1] ?? 0, at[offset + 2] ?? 0) <= 0) return index;
    }
    return NOTHING;
  }

  /** Organs are not of one grey: a smooth random structure, stronger in some tissues. */
  private addTexture(slice: TrueSlice, k: number): void {
    const [width, height] = this.grid.dims;
    const [sx, sy, sz] = this.spacing;
    const [ox, oy, oz] = this.origin;
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const voxel = j * width + i;
        const amplitude = slice.texture[voxel] ?? 0;
        if (amplitude === 0) continue;
        slice.hu[voxel] = (slice.hu[voxel] ?? 0) + amplitude * this.field.at(ox + i * sx, oy + j * sy, oz + k * sz);
      }
    }
  }
}

const AIR = -1000;
const NOTHING = -1;
const UNDECIDED = -2;
