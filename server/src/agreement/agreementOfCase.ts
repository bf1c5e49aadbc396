import { voxelCount } from '@voxcord/schemas/labelmap';
import { SERVER_VERSION } from '../version.js';
import type {
  AgreementOptions,
  CaseAgreement,
  MeasuringConditions,
  ReadLabels,
  SegmentAgreement
} from './caseAgreement.js';
import { DEFAULT_PERCENTILE, type SurfaceDefinition } from './definitions.js';
import { AgreementError } from './errors.js';
import { DEFAULT_KAPPA_REGION } from './kappaRegion.js';
import { agreementOnAll } from './agreementOnAll.js';
import { agreementOnSegment } from './agreementOnSegment.js';
import { segmentExtents, type SegmentExtent } from './segmentBoxes.js';
import type { GridGeometry } from './surfaces/mask.js';

const DEFAULT_DEFINITIONS: readonly SurfaceDefinition[] = ['deepmind', 'metricsreloaded', 'mesh'];

/**
 * How far reads of one case agree: every pair of reads on every segment, and all of them together. Reads must lie on one
 * grid. Throws `AgreementError`.
 *
 * @param segments numbers of segments; everything else is background
 */
export function agreementOfCase(
  reads: readonly ReadLabels[],
  segments: readonly number[],
  geometry: GridGeometry,
  options: AgreementOptions
): CaseAgreement {
  checkReads(reads, geometry);
  const conditions = measuringConditions(geometry, options);
  const extents = reads.map(({ labels }) => segmentExtents(labels, geometry.dims));
  const ofSegments = segments.map(segment =>
    agreementOnSegment(reads, extentsOf(extents, segment), segment, conditions)
  );
  return summarised(reads, extents, ofSegments, conditions);
}

/** Adds what is about all segments together. */
export function summarised(
  reads: readonly ReadLabels[],
  extents: readonly ReadonlyMap<number, SegmentExtent>[],
  segments: readonly SegmentAgreement[],
  conditions: MeasuringConditions
): CaseAgreement {
  const [first, ...others] = segments;
  const numbers = segments.map(({ number }) => number);
  return {
    conditions,
    reads: reads.map(({ name }) => name),
    segments,
    // One segment against everything else is all there is.
    kappa:
      first !== undefined && others.length === 0 ? first.kappa : agreementOnAll(reads, extents, numbers, conditions)
  };
}

/** Where each read has the segment; null where it has not. */
export function extentsOf(
  extents: readonly ReadonlyMap<number, SegmentExtent>[],
  segment: number
): (SegmentExtent | null)[] {
  return extents.map(ofRead => ofRead.get(segment) ?? null);
}

/** What was asked for, with what was left out filled in. Throws `AgreementError` if it cannot be measured. */
export function measuringConditions({ dims, spacing }: GridGeometry, options: AgreementOptions): MeasuringConditions {
  const percentile = options.percentile ?? DEFAULT_PERCENTILE;
  if (!Number.isFinite(options.tau) || options.tau < 0) {
    throw new AgreementError('agreement.parameter', `tau is a distance of 0 mm or more, not ${options.tau}.`);
  }
  if (!(percentile > 0 && percentile <= 100)) {
    throw new AgreementError('agreement.parameter', `A percentile lies above 0 and up to 100, not at ${percentile}.`);
  }
  if (!spacing.every(size => Number.isFinite(size) && size > 0)) {
    throw new AgreementError('agreement.grid', `Voxel sizes are above 0 mm, not ${spacing.join(' x ')}.`);
  }
  return {
    tau: options.tau,
    percentile,
    spacing,
    dims,
    dimensions: dims.includes(1) ? 2 : 3,
    definitions: options.definitions ?? DEFAULT_DEFINITIONS,
    kappaRoi: options.kappaRoi ?? DEFAULT_KAPPA_REGION,
    softwareVersion: SERVER_VERSION
  };
}

export function checkReads(reads: readonly ReadLabels[], { dims }: GridGeometry): void {
  if (reads.length < 2) {
    throw new AgreementError('agreement.one-read', 'Agreement is between reads: give two or more.');
  }
  for (const { name, labels } of reads) {
    if (labels.length === voxelCount(dims)) continue;
    throw new AgreementError(
      'agreement.grid',
      `"${name}" has ${labels.length} voxels and the grid ${dims.join(' x ')}. Bring all reads onto one grid.`
    );
  }
}
