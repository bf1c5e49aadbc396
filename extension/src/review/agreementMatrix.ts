import type { AgreementRules, PairAgreement } from '@voxcord/schemas/api';

export const METRICS = ['dice', 'iou', 'hd95', 'assd', 'nsd'] as const;
export type Metric = (typeof METRICS)[number];

/** Overlaps run from 0 to 1 and higher is better; distances are mm and lower is better. */
export function isDistance(metric: Metric): boolean {
  return metric === 'hd95' || metric === 'assd';
}

/** Whether the numbers of a metric depend on the definition of surfaces that the protocol names. */
export function needsDefinition(metric: Metric): boolean {
  return isDistance(metric) || metric === 'nsd';
}

/** What a number means: its name, its definition and its tolerance. Names of definitions are never translated. */
export function definitionOf(metric: Metric, rules: AgreementRules): string {
  switch (metric) {
    case 'dice':
      return 'Dice';
    case 'iou':
      return 'IoU';
    case 'hd95':
      return `HD95 (mm, ${rules.surface})`;
    case 'assd':
      return `ASSD (mm, ${rules.surface})`;
    case 'nsd':
      return `NSD (τ = ${rules.tolerance} mm, ${rules.surface})`;
  }
}

export function valueOf(pair: PairAgreement, metric: Metric): number | null {
  return pair[metric];
}

/** The pair of two readers, in whichever order it was computed. */
export function pairOf(pairs: readonly PairAgreement[], a: string, b: string): PairAgreement | null {
  return pairs.find(pair => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a)) ?? null;
}

/**
 * How good a value is among those shown, 0 to 1: what the cell is tinted with. Overlaps on their own scale from one half
 * on, where differences matter; distances against the worst of the table.
 */
export function goodness(value: number | null, metric: Metric, all: readonly (number | null)[]): number {
  if (value === null || !Number.isFinite(value)) return 0;
  if (!isDistance(metric)) return Math.min(1, Math.max(0, (value - 0.5) / 0.5));
  const worst = Math.max(...all.map(other => other ?? 0), 1e-9);
  return 1 - Math.min(1, value / worst);
}

/** `.88` for a share, `7.20` for millimetres; a dash where it is not defined. */
export function formatAgreement(value: number | null, metric: Metric): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return isDistance(metric) ? (value >= 100 ? value.toFixed(0) : value.toPrecision(3)) : share(value, 2);
}

/** A share without its leading zero: `.934`, `1.000`. Never rounded up to 1. */
export function share(value: number | null, digits: number): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const text = value.toFixed(digits);
  const honest = text.startsWith('1') && value < 1 ? (1 - 10 ** -digits).toFixed(digits) : text;
  return honest.replace(/^0\./, '.');
}
