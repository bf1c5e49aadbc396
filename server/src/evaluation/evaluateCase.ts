import type { EvaluatedLesion, EvaluatedSegment } from '@voxcord/schemas/api';
import { voxelCount } from '@voxcord/schemas/labelmap';
import {
  AgreementError,
  agreementOnSegment,
  boxAround,
  DEFAULT_PERCENTILE,
  measuringConditions,
  segmentExtents,
  type MeasuringConditions
} from '../agreement/index.js';
import { EvaluationError } from './errors.js';
import { evaluateLesions } from './evaluateLesions.js';
import { segmentMeasures, valuesOf } from './measures.js';
import type { CaseToEvaluate, EvaluationSettings } from './settings.js';

/** What is measured in one case. */
export interface CaseFigures {
  readonly segments: readonly EvaluatedSegment[];
  readonly lesions: readonly EvaluatedLesion[];
}

/**
 * Measures one prediction by one truth, segment by segment and lesion by lesion. Where one of them lacks a segment, or
 * both do, the conventions are those of the agreement engine. Pure. Throws `EvaluationError`.
 */
export function evaluateCase(input: CaseToEvaluate, settings: EvaluationSettings): CaseFigures {
  const { grid, truth, segments, scores } = input;
  const prediction = input.prediction ?? new Uint8Array(truth.length);
  checkSizes(input);
  const conditions = conditionsOf(input, settings);
  const reads = [
    { name: 'truth', labels: truth },
    { name: 'prediction', labels: prediction }
  ];
  const extents = reads.map(({ labels }) => segmentExtents(labels, grid.dims));
  const measures = segmentMeasures(settings.definitions, settings.tau);
  const lesions: EvaluatedLesion[] = [];
  const evaluated = segments.map(({ number, kind }): EvaluatedSegment => {
    const own = extents.map(each => each.get(number) ?? null);
    const [pair] = agreementOnSegment(reads, own, number, conditions).pairs;
    if (pair === undefined) throw new RangeError('Two label maps make one pair.');
    const found =
      kind === 'structure'
        ? null
        : evaluateLesions(
            {
              grid,
              truth,
              prediction,
              segment: number,
              box: boxAround(own.flatMap(extent => extent?.box ?? [])),
              scores: scores.get(number) ?? null
            },
            settings
          );
    lesions.push(...(found?.lesions ?? []));
    return {
      number,
      truthMl: pair.volumesMl[0],
      predictionMl: pair.volumesMl[1],
      noValue: pair.noValue,
      values: valuesOf(measures, pair),
      lesions: found?.inTruth ?? null,
      marks: found?.marks ?? null,
      repeatedMarks: found?.repeatedMarks ?? null
    };
  });
  return { segments: evaluated, lesions };
}

/** Throws `EvaluationError` (`evaluation.grid`, `evaluation.scores`). */
function checkSizes({ grid, truth, prediction, scores }: CaseToEvaluate): void {
  const voxels = voxelCount(grid.dims);
  const sizes = [truth.length, prediction?.length ?? voxels, ...[...scores.values()].map(({ length }) => length)];
  const wrong = sizes.find(size => size !== voxels);
  if (wrong !== undefined) {
    throw new EvaluationError(
      'evaluation.grid',
      `A map has ${wrong} voxels and the grid ${grid.dims.join(' x ')}. Bring everything onto the grid of the truth.`
    );
  }
}

function conditionsOf({ grid }: CaseToEvaluate, { tau, definitions }: EvaluationSettings): MeasuringConditions {
  try {
    return measuringConditions(grid, { tau, definitions, percentile: DEFAULT_PERCENTILE });
  } catch (error) {
    if (error instanceof AgreementError) throw new EvaluationError('evaluation.parameter', error.message);
    throw error;
  }
}
