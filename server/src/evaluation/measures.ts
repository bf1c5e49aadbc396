import type { Measure } from '@voxcord/schemas/api';
import type { PairAgreement, PairSurfaces, SurfaceDefinition, SurfaceFigures } from '../agreement/index.js';

/** A figure, and where it is found in what the agreement engine answers. A is the truth, B the prediction. */
interface Found<Source> {
  readonly measure: Measure;
  readonly of: (source: Source) => number | null;
}

/** These define nothing but a percentile. */
const PERCENTILE_ONLY: readonly SurfaceDefinition[] = ['medpy', 'mean-of-directed'];

const OVERLAPS: readonly Found<Pick<PairAgreement, 'dice' | 'iou'>>[] = [
  { measure: { definition: 'dice', name: 'Dice', unit: '' }, of: ({ dice }) => dice },
  { measure: { definition: 'iou', name: 'Jaccard (IoU)', unit: '' }, of: ({ iou }) => iou }
];

const VOLUMES: readonly Found<PairAgreement>[] = [
  {
    measure: { definition: 'volume.prediction-minus-truth', name: 'Volume difference', unit: 'ml' },
    of: ({ volumeDifferenceMl }) => volumeDifferenceMl
  },
  {
    measure: { definition: 'volume.relative-to-mean', name: 'Relative volume difference', unit: '' },
    of: ({ relativeVolumeDifference }) => relativeVolumeDifference
  }
];

/** Everything that the agreement engine measures of a segment. */
export function segmentMeasures(
  definitions: readonly SurfaceDefinition[],
  tau: number
): readonly Found<PairAgreement>[] {
  return [...OVERLAPS, ...VOLUMES, ...definitions.flatMap(definition => surfaceMeasures(definition, tau))];
}

type OfLesion = Pick<PairAgreement, 'dice' | 'iou'> & { readonly surfaces: PairSurfaces };

/** What is measured of a lesion that was found. */
export function lesionMeasures(definition: SurfaceDefinition, tau: number): readonly Found<OfLesion>[] {
  return [...OVERLAPS, ...surfaceMeasures(definition, tau)];
}

function surfaceMeasures(
  definition: SurfaceDefinition,
  tau: number
): readonly Found<{ readonly surfaces: PairSurfaces }>[] {
  const found = (
    id: string,
    name: string,
    unit: Measure['unit'],
    of: (figures: SurfaceFigures) => number | null
  ): Found<{ readonly surfaces: PairSurfaces }> => ({
    measure: { definition: id, name, unit },
    of: ({ surfaces }) => {
      const figures = surfaces[definition];
      return figures === undefined ? null : of(figures);
    }
  });
  const percentile = found(`hd95.${definition}`, 'HD95', 'mm', ({ hdPercentile }) => hdPercentile);
  if (PERCENTILE_ONLY.includes(definition)) return [percentile];
  return [
    found(`nsd.${definition}.tau-${tau}mm`, `NSD at ${tau} mm`, '', ({ nsd }) => nsd),
    percentile,
    found(`hd.${definition}`, 'Hausdorff distance', 'mm', ({ hd }) => hd),
    found(`assd.${definition}`, 'ASSD', 'mm', ({ assd }) => assd),
    found(`masd.${definition}`, 'MASD', 'mm', ({ masd }) => masd)
  ];
}

/** Figures by the id of their definition. */
export function valuesOf<Source>(measures: readonly Found<Source>[], source: Source): Record<string, number | null> {
  return Object.fromEntries(measures.map(({ measure, of }) => [measure.definition, of(source)]));
}
