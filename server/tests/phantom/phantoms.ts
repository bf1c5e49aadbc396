import { createHash } from 'node:crypto';
import {
  generatePhase,
  planPhantom,
  type PhantomOptions,
  type PhantomPhase,
  type PhantomPlan
} from '../../src/phantom/index.js';
import { makeGrid } from '../../src/phantom/phantomGrid.js';
import { PhaseGeometry } from '../../src/phantom/phaseGeometry.js';
import type { Point } from '../../src/phantom/shapes.js';
import type { Structure } from '../../src/phantom/structure.js';
import type { Phase, TissueName } from '../../src/phantom/tissues.js';

export interface Made {
  readonly plan: PhantomPlan;
  readonly phase: PhantomPhase;
}

export function make(options: PhantomOptions, phase: Phase = 'portal'): Made {
  const plan = planPhantom(options);
  return { plan, phase: generatePhase(plan, phase) };
}

/** A small grid with one nodule of this long axis in its middle. */
export function aroundOneNodule(seed: number, diameter: number, spacing: Point, phase: Phase = 'portal'): Made {
  const planned = planPhantom({ seed, noduleDiameters: [diameter], mimics: [] });
  const [nodule] = planned.subject.lesions.nodules;
  if (nodule === undefined) throw new Error(`Seed ${seed} has no place for a nodule of ${diameter} mm.`);
  const reach = diameter / 2 + 10;
  const across = (size: number): number => 2 * Math.ceil(reach / size);
  const dims: Point = [across(spacing[0]), across(spacing[1]), across(spacing[2])];
  const plan = { ...planned, grid: makeGrid({ spacing, dims, centre: nodule.centre }) };
  return { plan, phase: generatePhase(plan, phase) };
}

/** World mm of a voxel's centre. */
export function worldOf({ plan }: Made, voxel: number): Point {
  const { dims, affine } = plan.grid;
  const i = voxel % dims[0];
  const j = Math.floor(voxel / dims[0]) % dims[1];
  const k = Math.floor(voxel / (dims[0] * dims[1]));
  return [affine[3] + i * affine[0], affine[7] + j * affine[5], affine[11] + k * affine[10]];
}

/** CT numbers of the voxels at least `margin` mm inside a tissue, nothing else being above it there. */
export function valuesDeepIn(made: Made, tissue: TissueName, margin: number): number[] {
  const { plan, phase } = made;
  const { structures } = plan.subject;
  const last = structures.findLastIndex(structure => structure.tissue === tissue);
  const ofTissue = structures.filter(structure => structure.tissue === tissue);
  const above = structures.slice(0, last + 1);
  const places = placesOf(made);
  let at = 0;
  const distanceTo = ({ frame, shape }: Structure): number => {
    const offset = frame === 'subject' ? at : at + 3;
    return shape(places[offset] ?? 0, places[offset + 1] ?? 0, places[offset + 2] ?? 0);
  };
  const isDeepIn = (structure: Structure): boolean => distanceTo(structure) < -margin;
  const isSeen = (structure: Structure): boolean => distanceTo(structure) <= margin;
  const values: number[] = [];
  phase.image.forEach((value, voxel) => {
    at = 6 * voxel;
    if (!ofTissue.some(isDeepIn)) return;
    const visible = above.find(isSeen);
    if (visible?.tissue === tissue && isDeepIn(visible)) values.push(value);
  });
  return values;
}

const located = new WeakMap<Made, Float64Array>();

/** Where the centres of the voxels lie, six numbers each as of `PhaseGeometry.locate`; found once. */
function placesOf(made: Made): Float64Array {
  const known = located.get(made);
  if (known !== undefined) return known;
  const { plan, phase } = made;
  const geometry = new PhaseGeometry(plan.subject, phase.phase);
  const found = new Float64Array(6 * phase.image.length);
  for (let voxel = 0; voxel < phase.image.length; voxel++) {
    geometry.locate(...worldOf(made, voxel), found.subarray(6 * voxel, 6 * voxel + 6));
  }
  located.set(made, found);
  return found;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n] ?? 0;
  return sum / values.length;
}

export function deviation(values: ArrayLike<number>): number {
  const middle = mean(values);
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += ((values[n] ?? 0) - middle) ** 2;
  return Math.sqrt(sum / values.length);
}

export function sha256(bytes: Int16Array | Uint8Array | Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex');
}
