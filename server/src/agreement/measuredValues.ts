import type { Vector } from '@voxcord/schemas/geometry';
import type { CaseAgreement, MeasuringConditions, PairAgreement } from './caseAgreement.js';
import type { NoValue, SurfaceDefinition } from './definitions.js';
import { formatKappaRegion } from './kappaRegion.js';
import type { NoKappa } from './raters/fleissKappa.js';
import type { SurfaceFigures } from './surfaces/surfaceFigures.js';

export type Metric =
  | 'dice'
  | 'iou'
  | 'volume-difference'
  | 'hausdorff'
  | 'hausdorff-percentile'
  | 'assd'
  | 'masd'
  | 'nsd'
  | 'generalised-conformity'
  | 'fleiss-kappa';

/** One figure with all that it needs to be compared with another one. What does not matter to its metric is null. */
export interface MeasuredValue {
  readonly metric: Metric;
  /** Null if there is none: see `reason`. */
  readonly value: number | null;
  readonly reason: NoValue | NoKappa | null;
  readonly unit: 'mm' | 'ml' | null;
  /** Null: of all segments as categories. */
  readonly segment: number | null;
  /** Names of the reads that it is about. */
  readonly reads: readonly string[];
  readonly definition: SurfaceDefinition | null;
  /** mm. */
  readonly tau: number | null;
  readonly percentile: number | null;
  /** Region of a kappa: `union`, `union-box`, `margin:5`, `whole`. */
  readonly roi: string | null;
  /** mm. */
  readonly spacing: Vector;
  readonly dimensions: 2 | 3;
  readonly softwareVersion: string;
}

type About = Pick<MeasuredValue, 'segment' | 'reads'>;

/** All figures of a case as rows of a table: what is stored and released. */
export function measuredValues(agreement: CaseAgreement): MeasuredValue[] {
  const { conditions, reads } = agreement;
  const roi = formatKappaRegion(conditions.kappaRoi);
  return [
    ...agreement.segments.flatMap(({ number, pairs, conformity, kappa }) => [
      ...pairs.flatMap(pair => pairValues(pair, number, conditions)),
      row(conditions, { segment: number, reads }, 'generalised-conformity', conformity.generalised, {
        reason: conformity.generalised === null ? 'both-empty' : null
      }),
      row(conditions, { segment: number, reads }, 'fleiss-kappa', kappa.chosen.value, {
        roi,
        reason: kappa.chosen.reason
      })
    ]),
    row(conditions, { segment: null, reads }, 'fleiss-kappa', agreement.kappa.chosen.value, {
      roi,
      reason: agreement.kappa.chosen.reason
    })
  ];
}

function pairValues(pair: PairAgreement, segment: number, conditions: MeasuringConditions): MeasuredValue[] {
  const about = { segment, reads: [pair.a, pair.b] };
  const reason = pair.dice === null ? pair.noValue : null;
  return [
    row(conditions, about, 'dice', pair.dice, { reason }),
    row(conditions, about, 'iou', pair.iou, { reason }),
    row(conditions, about, 'volume-difference', pair.volumeDifferenceMl, { unit: 'ml' }),
    ...conditions.definitions.flatMap(definition => {
      const figures = pair.surfaces[definition];
      return figures === undefined ? [] : surfaceValues(figures, definition, pair, about, conditions);
    })
  ];
}

function surfaceValues(
  figures: SurfaceFigures,
  definition: SurfaceDefinition,
  { noValue }: PairAgreement,
  about: About,
  conditions: MeasuringConditions
): MeasuredValue[] {
  const { tau, percentile } = conditions;
  const value = (metric: Metric, figure: number | null, details: Partial<MeasuredValue>): MeasuredValue =>
    row(conditions, about, metric, figure, {
      definition,
      reason: figure === null ? (noValue ?? 'not-defined') : null,
      ...details
    });
  return [
    value('hausdorff', figures.hd, { unit: 'mm' }),
    value('hausdorff-percentile', figures.hdPercentile, { unit: 'mm', percentile }),
    value('assd', figures.assd, { unit: 'mm' }),
    value('masd', figures.masd, { unit: 'mm' }),
    value('nsd', figures.nsd, { tau })
  ];
}

function row(
  { spacing, dimensions, softwareVersion }: MeasuringConditions,
  about: About,
  metric: Metric,
  value: number | null,
  details: Partial<MeasuredValue>
): MeasuredValue {
  return {
    metric,
    value,
    reason: null,
    unit: null,
    ...about,
    definition: null,
    tau: null,
    percentile: null,
    roi: null,
    spacing,
    dimensions,
    softwareVersion,
    ...details
  };
}
