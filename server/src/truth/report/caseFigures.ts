import { affineFromRows, determinant } from '@voxcord/schemas/geometry';
import { drawCase, type CasePicture, type DrawnCase } from './pictures.js';

/** Volume of one segment in the truth and in each read, millilitres. */
export interface SegmentVolumes {
  readonly segment: number;
  readonly truth: number;
  readonly reads: readonly number[];
}

/** What the report shows of a case beside its records. */
export interface CaseFigures {
  readonly volumes: readonly SegmentVolumes[];
  readonly pictures: readonly CasePicture[];
}

export function measureCase(drawn: DrawnCase): CaseFigures {
  const millilitres = Math.abs(determinant(affineFromRows(drawn.affine))) / 1000;
  const truth = countLabels(drawn.truth);
  const reads = drawn.reads.map(countLabels);
  const volumes = drawn.segments
    .map(({ number }) => ({
      segment: number,
      truth: (truth[number] ?? 0) * millilitres,
      reads: reads.map(counts => (counts[number] ?? 0) * millilitres)
    }))
    .filter(volume => volume.truth > 0 || volume.reads.some(value => value > 0));
  return { volumes, pictures: drawCase(drawn) };
}

function countLabels(labels: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
