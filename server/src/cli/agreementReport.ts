import {
  formatKappaRegion,
  type CaseAgreement,
  type PairAgreement,
  type SegmentAgreement,
  type SurfaceDefinition,
  type SurfaceFigures,
  type VoxelKappa
} from '../agreement/index.js';

/** One figure per definition; definitions that have no such metric are left out. */
type ByDefinition<Value> = Readonly<Partial<Record<SurfaceDefinition, Value>>>;

export interface PairReport {
  readonly a: string;
  readonly b: string;
  readonly dice: number | null;
  readonly iou: number | null;
  readonly volumesMl: readonly [number, number];
  readonly volumeDifferenceMl: number;
  readonly relativeVolumeDifference: number | null;
  /** Between boundary voxels (`metricsreloaded`), the classical definition; null if that was not measured. */
  readonly hd: number | null;
  readonly hdByDefinition: ByDefinition<number | null>;
  readonly hd95: ByDefinition<number | null>;
  readonly assd: ByDefinition<number | null>;
  readonly masd: ByDefinition<number | null>;
  readonly asd: ByDefinition<readonly [number, number] | null>;
  readonly nsd: ByDefinition<number | null>;
  readonly overlapAtTau: ByDefinition<readonly [number, number] | null>;
  readonly noValue: PairAgreement['noValue'];
}

export interface KappaReport {
  readonly roi: string;
  readonly value: number | null;
  readonly reason: string | null;
  readonly byRoi: Readonly<Record<'union' | 'union-box' | 'whole', number | null>>;
}

export interface SegmentReport {
  readonly number: number;
  readonly pairs: readonly PairReport[];
  readonly meanDice: SegmentAgreement['meanDice'];
  readonly generalisedConformity: number | null;
  readonly fleissKappa: KappaReport;
}

export interface AgreementReport {
  readonly segments: readonly SegmentReport[];
  readonly fleissKappa: KappaReport;
  readonly reads: readonly { readonly name: string; readonly path: string }[];
  readonly conditions: {
    readonly tauMm: number;
    readonly percentile: number;
    readonly spacingMm: readonly number[];
    readonly dims: readonly number[];
    readonly dimensions: 2 | 3;
    readonly definitions: readonly SurfaceDefinition[];
    readonly softwareVersion: string;
  };
  readonly warnings: readonly string[];
}

/** Definitions of a percentile only. */
const PERCENTILE_ONLY: readonly SurfaceDefinition[] = ['medpy', 'mean-of-directed'];

export function agreementReport(
  agreement: CaseAgreement,
  reads: AgreementReport['reads'],
  warnings: readonly string[]
): AgreementReport {
  const { tau, percentile, spacing, dims, dimensions, definitions, softwareVersion } = agreement.conditions;
  return {
    segments: agreement.segments.map(segment => ({
      number: segment.number,
      pairs: segment.pairs.map(pairReport),
      meanDice: segment.meanDice,
      generalisedConformity: segment.conformity.generalised,
      fleissKappa: kappaReport(segment.kappa)
    })),
    fleissKappa: kappaReport(agreement.kappa),
    reads,
    conditions: { tauMm: tau, percentile, spacingMm: spacing, dims, dimensions, definitions, softwareVersion },
    warnings
  };
}

function pairReport(pair: PairAgreement): PairReport {
  const { a, b, dice, iou, volumesMl, volumeDifferenceMl, relativeVolumeDifference, noValue } = pair;
  const all = entries(pair);
  const full = all.filter(([definition]) => !PERCENTILE_ONLY.includes(definition));
  return {
    a,
    b,
    dice,
    iou,
    volumesMl,
    volumeDifferenceMl,
    relativeVolumeDifference,
    hd: pair.surfaces.metricsreloaded?.hd ?? null,
    hdByDefinition: pick(full, figures => figures.hd),
    hd95: pick(all, figures => figures.hdPercentile),
    assd: pick(full, figures => figures.assd),
    masd: pick(full, figures => figures.masd),
    asd: pick(full, figures => figures.asd),
    nsd: pick(full, figures => figures.nsd),
    overlapAtTau: pick(full, figures => figures.overlap),
    noValue
  };
}

type Entry = readonly [SurfaceDefinition, SurfaceFigures];

function entries({ surfaces }: PairAgreement): Entry[] {
  return Object.entries(surfaces) as Entry[];
}

function pick<Value>(figures: readonly Entry[], of: (figures: SurfaceFigures) => Value): ByDefinition<Value> {
  return Object.fromEntries(figures.map(([definition, each]) => [definition, of(each)]));
}

function kappaReport({ roi, chosen, inRegion }: VoxelKappa): KappaReport {
  return {
    roi: formatKappaRegion(roi),
    value: chosen.value,
    reason: chosen.reason,
    byRoi: { union: inRegion.union.value, 'union-box': inRegion['union-box'].value, whole: inRegion.whole.value }
  };
}

/** For people: a table of each segment. */
export function agreementText(report: AgreementReport): string {
  const { tauMm, definitions } = report.conditions;
  const head = [
    'segment',
    'a',
    'b',
    'Dice',
    'IoU',
    'ml (b - a)',
    'HD',
    ...definitions.map(definition => `HD95 ${definition}`),
    ...definitions
      .filter(definition => !PERCENTILE_ONLY.includes(definition))
      .flatMap(definition => [`ASSD ${definition}`, `NSD@${tauMm} ${definition}`])
  ];
  const rows = report.segments.flatMap(({ number, pairs }) =>
    pairs.map(pair => [
      String(number),
      pair.a,
      pair.b,
      ...[pair.dice, pair.iou, pair.volumeDifferenceMl, pair.hd].map(figure),
      ...definitions.map(definition => figure(pair.hd95[definition])),
      ...definitions
        .filter(definition => !PERCENTILE_ONLY.includes(definition))
        .flatMap(definition => [figure(pair.assd[definition]), figure(pair.nsd[definition])])
    ])
  );
  const ofSegments = report.segments.map(
    ({ number, meanDice, generalisedConformity, fleissKappa }) =>
      `Segment ${number}: mean Dice ${figure(meanDice.value)} of ${meanDice.pairs} pairs, generalised conformity ` +
      `${figure(generalisedConformity)}, Fleiss' kappa ${figure(fleissKappa.value)} (${fleissKappa.roi})`
  );
  const { roi, value } = report.fleissKappa;
  return [
    ...table([head, ...rows]),
    '',
    ...ofSegments,
    `All segments: Fleiss' kappa ${figure(value)} (${roi})`,
    'Lengths in mm.',
    ...report.warnings.map(warning => `Warning: ${warning}`)
  ].join('\n');
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  );
}
