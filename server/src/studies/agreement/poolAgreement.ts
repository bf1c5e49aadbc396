import type {
  BlandAltman,
  CaseAgreement,
  Estimate,
  LesionStratum,
  PairAgreement,
  PooledAgreement,
  ProtocolSegment
} from '@voxcord/schemas/api';
import { blandAltman, intraclassCorrelations, meanInterval } from '../../agreement/index.js';

/** The same data give the same intervals. */
const SEED = 20_260_101;

/** Lesions by their diameter, mm: as radiologists' guidelines part them. */
const STRATA = [0, 10, 20, 30] as const;

const TOO_FEW = 'Intervals are over patients and need ten of them at least.';
const NOTHING = 'No case has a value.';

type Lesion = CaseAgreement['lesions'][number];

/** How far readers agree on one segment over cases. Pure. */
export function poolAgreement({ number, kind }: ProtocolSegment, cases: readonly CaseAgreement[]): PooledAgreement {
  const pairs = cases.map(({ segments }) => segments.find(segment => segment.number === number)?.pairs ?? []);
  const over = (figure: 'dice' | 'nsd' | 'hd95' | 'assd'): Estimate =>
    estimate(pairs.map(ofCase => valuesOf(ofCase, figure)));
  const kappas = cases.map(({ segments }) =>
    segments.flatMap(segment => (segment.number === number ? (segment.fleissKappa ?? []) : []))
  );
  return {
    number,
    dice: over('dice'),
    nsd: over('nsd'),
    hd95: over('hd95'),
    assd: over('assd'),
    kappa: estimate(kappas),
    icc: volumeCorrelation(number, cases),
    volumes: volumeDifferences(number, cases),
    diameters: diameterDifferences(number, cases),
    strata: kind === 'lesion' ? strataOf(number, cases) : []
  };
}

function valuesOf(pairs: readonly PairAgreement[], figure: 'dice' | 'nsd' | 'hd95' | 'assd'): number[] {
  return pairs.flatMap(pair => pair[figure] ?? []);
}

/** Of a mean over patients, each counting the same; a case stands for a patient. */
function estimate(perCase: readonly (readonly number[])[]): Estimate {
  const interval = meanInterval(perCase, { seed: SEED });
  if (interval.refused !== null) {
    return {
      value: interval.estimate,
      interval: null,
      cases: interval.patients,
      reason: interval.patients === 0 ? NOTHING : TOO_FEW
    };
  }
  const { low, high } = interval;
  const isSound = Number.isFinite(low) && Number.isFinite(high);
  return {
    value: interval.estimate,
    interval: isSound ? [low, high] : null,
    cases: interval.patients,
    reason: isSound ? null : 'All cases have the same value: there is no spread to draw an interval from.'
  };
}

function volumeCorrelation(number: number, cases: readonly CaseAgreement[]): Estimate {
  const readers = new Set(cases.flatMap(each => each.readers.map(({ username }) => username)));
  const order = [...readers].sort();
  const table = cases.flatMap(each => {
    const row = order.flatMap(username => volumeIn(each, number, username) ?? []);
    return row.length === order.length ? [row] : [];
  });
  const none = (reason: string): Estimate => ({ value: null, interval: null, cases: table.length, reason });
  if (order.length < 2) return none('It needs two readers.');
  if (table.length < 2) return none('It needs two cases that all readers have read.');
  const found = intraclassCorrelations(table);
  const single = 'correlations' in found ? found.correlations.find(({ form }) => form === 'ICC2') : undefined;
  if (single === undefined) return none('All volumes are the same: there is nothing to correlate.');
  const [low, high] = single.interval;
  const isSound = Number.isFinite(low) && Number.isFinite(high) && table.length >= 10;
  return {
    value: single.value,
    interval: isSound ? [low, high] : null,
    cases: table.length,
    reason: isSound ? null : TOO_FEW
  };
}

function volumeIn({ volumes }: CaseAgreement, number: number, username: string): number | null {
  return volumes.find(volume => volume.number === number && volume.username === username)?.volumeMl ?? null;
}

interface Point {
  readonly caseId: string;
  readonly lesion: number | null;
  readonly first: number;
  readonly second: number;
}

function volumeDifferences(number: number, cases: readonly CaseAgreement[]): BlandAltman[] {
  return betweenReaders(cases, (each, first, second) => {
    const a = volumeIn(each, number, first);
    const b = volumeIn(each, number, second);
    return a === null || b === null ? [] : [{ caseId: each.caseId, lesion: null, first: a, second: b }];
  });
}

/** Of lesions that both have marked. */
function diameterDifferences(number: number, cases: readonly CaseAgreement[]): BlandAltman[] {
  return betweenReaders(cases, (each, first, second) =>
    each.lesions
      .filter(({ segment }) => segment === number)
      .flatMap(lesion => {
        const a = markOf(lesion, first);
        const b = markOf(lesion, second);
        return a?.present !== true || b?.present !== true
          ? []
          : [{ caseId: each.caseId, lesion: lesion.id, first: a.diameter, second: b.diameter }];
      })
  );
}

function markOf({ readers }: Lesion, username: string): Lesion['readers'][number] | undefined {
  return readers.find(reader => reader.username === username);
}

function betweenReaders(
  cases: readonly CaseAgreement[],
  pointsOf: (each: CaseAgreement, first: string, second: string) => Point[]
): BlandAltman[] {
  const usernames = [...new Set(cases.flatMap(each => each.readers.map(({ username }) => username)))].sort();
  const plots: BlandAltman[] = [];
  for (const [index, first] of usernames.entries()) {
    for (const second of usernames.slice(index + 1)) {
      const points = cases.flatMap(each => pointsOf(each, first, second));
      if (points.length > 0) plots.push(plotOf(first, second, points));
    }
  }
  return plots;
}

function plotOf(first: string, second: string, points: readonly Point[]): BlandAltman {
  const shown = points.map(point => ({
    caseId: point.caseId,
    lesion: point.lesion,
    mean: (point.first + point.second) / 2,
    difference: point.first - point.second
  }));
  const found = blandAltman(
    points.map(point => point.first),
    points.map(point => point.second)
  );
  if (!('limits' in found)) {
    return { first, second, points: shown, bias: shown[0]?.difference ?? null, limits: null };
  }
  return { first, second, points: shown, bias: found.meanDifference, limits: [found.limits[0], found.limits[1]] };
}

function strataOf(number: number, cases: readonly CaseAgreement[]): LesionStratum[] {
  return STRATA.map((from, index) => {
    const below = STRATA[index + 1] ?? null;
    const inside = cases.map(({ lesions }) =>
      lesions.filter(
        ({ segment, diameter }) => segment === number && diameter >= from && (below === null || diameter < below)
      )
    );
    const all = inside.flat();
    return {
      from,
      below,
      lesions: all.length,
      accepted: all.filter(({ accepted }) => accepted).length,
      detection: estimate(inside.map(lesions => lesions.flatMap(detectionOf))),
      diameterSpread: estimate(inside.map(lesions => lesions.flatMap(spreadOf)))
    };
  });
}

/** Share of those asked who have marked it. */
function detectionOf({ readers }: Lesion): number[] {
  const asked = readers.filter(({ present }) => present !== null);
  return asked.length === 0 ? [] : [asked.filter(({ present }) => present === true).length / asked.length];
}

/** Standard deviation of the diameters as a share of their mean. */
function spreadOf({ readers }: Lesion): number[] {
  const diameters = readers.flatMap(({ present, diameter }) => (present === true && diameter > 0 ? [diameter] : []));
  if (diameters.length < 2) return [];
  const mean = diameters.reduce((sum, value) => sum + value, 0) / diameters.length;
  const variance = diameters.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (diameters.length - 1);
  return [Math.sqrt(variance) / mean];
}
