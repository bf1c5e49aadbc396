import { LabelMapError } from './errors.js';
import { boxVolume, checkDims, type Dims, type VoxelBox } from './grid.js';
import type { PaintedRegion } from './regions.js';
import { Sweep, voxelsIn, type GridPoint } from './sweep.js';
import { BoxExtent, VoxelSet, markWord } from './voxelSet.js';

export interface Brush {
  readonly shape: 'disc' | 'sphere';
  /** mm */
  readonly radius: number;
  /** Normal of a disc's plane: 0 sagittal, 1 coronal, 2 axial. A sphere has none; the value is not read. */
  readonly axis: 0 | 1 | 2;
}

export interface PainterGrid {
  readonly dims: Dims;
  /** mm per voxel along i, j and k */
  readonly spacing: readonly [number, number, number];
}

/** Words of voxels that a move covered: i / 32, j, k, bits, one after the other. */
const WORD = 4;

/**
 * Collects the voxels under a moving brush: what one stroke will paint. A voxel is covered if its centre comes within
 * the radius of the pointer's path, or if the path runs through it. Works in millimetres, so a brush is round on
 * anisotropic grids. A move costs what it newly reaches.
 */
export class StrokePainter {
  private readonly reached: VoxelSet;
  private readonly covered: VoxelSet;
  private brush: Brush | null = null;
  private accept: ((index: number) => boolean) | null = null;
  private last: GridPoint | null = null;
  private plane = 0;

  private newWords = new Int32Array(1024);
  private newCount = 0;
  private readonly extent = new BoxExtent();
  private newMask = new Uint8Array(4096);

  /** Throws `grid.dims`. */
  constructor(readonly grid: PainterGrid) {
    checkDims(grid.dims);
    if (!grid.spacing.every(mm => Number.isFinite(mm) && mm > 0)) {
      throw new LabelMapError('grid.dims', `Voxel spacing must be above 0 mm; got ${grid.spacing.join(' x ')}.`);
    }
    this.reached = new VoxelSet(grid.dims);
    this.covered = new VoxelSet(grid.dims);
  }

  /** Starts a stroke; `accept` is asked once for each voxel (grid index) that the brush reaches. */
  begin(brush: Brush, accept?: (index: number) => boolean): void {
    this.reached.clear();
    this.covered.clear();
    this.brush = brush;
    this.accept = accept ?? null;
    this.last = null;
    this.newCount = 0;
    this.extent.clear();
  }

  /**
   * Moves the brush in a straight line to a point in voxel coordinates (centres are whole numbers). Returns the box of
   * the newly covered voxels; null if there are none.
   */
  moveTo(voxel: readonly [number, number, number]): VoxelBox | null {
    const { brush } = this;
    this.newCount = 0;
    this.extent.clear();
    if (brush === null || !voxel.every(Number.isFinite)) return null;
    const { dims, spacing } = this.grid;
    const along = (axis: 0 | 1 | 2): number => clampFar(voxel[axis], dims[axis]) * spacing[axis];
    const point: [number, number, number] = [along(0), along(1), along(2)];
    if (brush.shape === 'disc') {
      const plane = Math.round(voxel[brush.axis]);
      // A disc that changes its plane starts anew there: it paints no planes in between.
      if (plane !== this.plane) this.last = null;
      this.plane = plane;
      point[brush.axis] = plane * spacing[brush.axis];
    }
    const from = this.last ?? point;
    this.last = point;
    this.coverSweep(brush, new Sweep(from, point, brush.radius));
    this.coverPath(from, point);
    return this.extent.box();
  }

  /** What the last `moveTo` covered newly, for `LabelMap.paintProvisional`. Its mask is reused by the next call. */
  newlyCovered(): PaintedRegion | null {
    const box = this.extent.box();
    if (box === null) return null;
    const volume = boxVolume(box);
    if (volume > this.newMask.length) this.newMask = new Uint8Array(2 * volume);
    const mask = this.newMask.subarray(0, volume).fill(0);
    for (let at = 0; at < this.newCount; at += WORD) {
      const [wordI = 0, j = 0, k = 0, bits = 0] = this.newWords.subarray(at, at + WORD);
      markWord(mask, box, wordI, j, k, bits);
    }
    return { box, mask };
  }

  /** Everything covered since `begin`, in its tight box; null when nothing is. */
  region(): PaintedRegion | null {
    return this.covered.region();
  }

  /** As `region`, and ends the stroke. */
  end(): PaintedRegion | null {
    const region = this.covered.region();
    this.brush = null;
    this.accept = null;
    this.last = null;
    this.newCount = 0;
    this.extent.clear();
    return region;
  }

  private coverSweep(brush: Brush, sweep: Sweep): void {
    const { dims, spacing } = this.grid;
    const disc = brush.shape === 'disc' ? brush.axis : null;
    const range = (axis: 0 | 1 | 2): [number, number] => {
      if (disc !== axis) return voxelsIn(sweep.reach(axis), spacing[axis], dims[axis]);
      const inside = this.plane >= 0 && this.plane < dims[axis];
      return inside ? [this.plane, this.plane] : [0, -1];
    };
    const line = disc === 0 ? 1 : 0;
    const [j0, j1] = line === 1 ? [0, 0] : range(1);
    const [k0, k1] = range(2);
    const [i0, i1] = range(0);
    if (i1 < i0) return;
    for (let k = k0; k <= k1; k++) {
      for (let j = j0; j <= j1; j++) {
        const cut = sweep.cut([i0 * spacing[0], j * spacing[1], k * spacing[2]], line);
        if (cut === null) continue;
        const [first, last] = voxelsIn(cut, spacing[line], dims[line]);
        if (line === 0) this.reachRow(first, last, j, k);
        else for (let at = first; at <= last; at++) this.reachRow(i0, i0, at, k);
      }
    }
  }

  /** The voxels that the path itself runs through: a brush thinner than a voxel still paints. */
  private coverPath(from: GridPoint, to: GridPoint): void {
    const { dims, spacing } = this.grid;
    const voxels = (axis: 0 | 1 | 2): number => (to[axis] - from[axis]) / spacing[axis];
    const span = [voxels(0), voxels(1), voxels(2)] as const;
    const steps = Math.max(1, Math.ceil(Math.max(...span.map(Math.abs))));
    for (let step = 0; step <= steps; step++) {
      const at = (axis: 0 | 1 | 2): number => Math.round(from[axis] / spacing[axis] + (span[axis] * step) / steps);
      const [i, j, k] = [at(0), at(1), at(2)];
      const inside = i >= 0 && j >= 0 && k >= 0 && i < dims[0] && j < dims[1] && k < dims[2];
      if (inside) this.reachRow(i, i, j, k);
    }
  }

  private reachRow(first: number, last: number, j: number, k: number): void {
    for (let wordI = first >> 5; wordI <= last >> 5; wordI++) {
      const low = Math.max(first - wordI * 32, 0);
      const high = Math.min(last - wordI * 32, 31);
      const reached = this.reached.add(wordI, j, k, (-1 << low) & (-1 >>> (31 - high)));
      if (reached === 0) continue;
      const accepted = this.accept === null ? reached : this.filter(this.accept, wordI, j, k, reached);
      if (accepted === 0) continue;
      this.covered.add(wordI, j, k, accepted);
      this.extent.include(wordI, j, k, accepted);
      this.noteNew(wordI, j, k, accepted);
    }
  }

  private filter(accept: (index: number) => boolean, wordI: number, j: number, k: number, bits: number): number {
    const start = (k * this.grid.dims[1] + j) * this.grid.dims[0] + wordI * 32;
    let accepted = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const bit = 31 - Math.clz32(rest & -rest);
      if (accept(start + bit)) accepted |= 1 << bit;
    }
    return accepted;
  }

  private noteNew(wordI: number, j: number, k: number, bits: number): void {
    if (this.newCount + WORD > this.newWords.length) {
      const words = new Int32Array(this.newWords.length * 2);
      words.set(this.newWords);
      this.newWords = words;
    }
    this.newWords[this.newCount++] = wordI;
    this.newWords[this.newCount++] = j;
    this.newWords[this.newCount++] = k;
    this.newWords[this.newCount++] = bits;
  }
}

/** Bounds what a pointer far outside the grid costs. */
function clampFar(position: number, edge: number): number {
  return Math.min(2 * edge, Math.max(-edge, position));
}
