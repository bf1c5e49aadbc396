/** One line of a benchmark's table. */
export interface BenchRow {
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
  /** What must hold, in words; null for a figure that is only told. */
  readonly budget: string | null;
  readonly holds: boolean;
  /** What it is compared with in the same run, in words and in the same unit. */
  readonly baseline: string | null;
  /** How many times the baseline is the measured figure. */
  readonly ratio: number | null;
}

export function row(
  what: string,
  unit: string,
  measured: number,
  highest: number | null,
  baseline?: { readonly what: string; readonly measured: number; readonly ratio?: number }
): BenchRow {
  const ratio = baseline === undefined ? null : baseline.measured / measured;
  const holds =
    (highest === null || measured <= highest) && (baseline?.ratio === undefined || (ratio ?? 0) >= baseline.ratio);
  const limits = [
    ...(highest === null ? [] : [`<= ${round(highest)} ${unit}`]),
    ...(baseline?.ratio === undefined ? [] : [`>= ${baseline.ratio}x`])
  ];
  return {
    what,
    unit,
    measured,
    budget: limits.length === 0 ? null : limits.join(', '),
    holds,
    baseline: baseline === undefined ? null : `${baseline.what}: ${round(baseline.measured)} ${unit}`,
    ratio
  };
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** Prints a table, or with `--json` one line of JSON. The process ends with status 1 if a budget does not hold. */
export function tellRows(rows: readonly BenchRow[]): void {
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
  else for (const each of rows) console.log(lineOf(each));
  if (rows.some(({ holds }) => !holds)) process.exitCode = 1;
}

function lineOf({ what, unit, measured, budget, holds, baseline, ratio }: BenchRow): string {
  const verdict = budget === null ? '' : `  [${holds ? 'holds' : 'FAILS'}: ${budget}]`;
  const against = baseline === null ? '' : `  (${baseline}; ${round(ratio ?? NaN)}x)`;
  return `${what}: ${round(measured)} ${unit}${verdict}${against}`;
}
