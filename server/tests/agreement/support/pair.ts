import type { Dims } from '@voxcord/schemas/labelmap';
import {
  agreementOfCase,
  SURFACE_DEFINITIONS,
  type AgreementOptions,
  type PairAgreement,
  type SegmentAgreement,
  type SurfaceDefinition,
  type SurfaceFigures
} from '../../../src/agreement/index.js';
import type { Triple } from './shapes.js';

/** How far masks of segment 1 agree, by all definitions. */
export function agreementOf(
  masks: readonly Uint8Array[],
  dims: Dims,
  spacing: Triple = [1, 1, 1],
  options: Partial<AgreementOptions> = {}
): SegmentAgreement {
  const reads = masks.map((labels, at) => ({ name: `reader ${at + 1}`, labels }));
  const settings = { tau: 1, definitions: SURFACE_DEFINITIONS, ...options };
  const [segment] = agreementOfCase(reads, [1], { dims, spacing }, settings).segments;
  if (segment === undefined) throw new Error('no segment');
  return segment;
}

export function pairOf(
  a: Uint8Array,
  b: Uint8Array,
  dims: Dims,
  spacing?: Triple,
  options?: Partial<AgreementOptions>
): PairAgreement {
  const [pair] = agreementOf([a, b], dims, spacing, options).pairs;
  if (pair === undefined) throw new Error('no pair');
  return pair;
}

export function figures(pair: PairAgreement, definition: SurfaceDefinition): SurfaceFigures {
  const found = pair.surfaces[definition];
  if (found === undefined) throw new Error(`no ${definition}`);
  return found;
}
