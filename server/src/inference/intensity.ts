import type { Intensity } from '@voxcord/schemas/models';

/** Values as the network wants them, by the rule of its description. Writes into `values`. */
export function normalise(values: Float32Array, rule: Intensity): void {
  switch (rule.kind) {
    case 'none':
      return;
    case 'window':
      toUnit(values, rule.low, rule.high);
      return;
    case 'min-max':
      toUnit(values, ...extremes(values));
      return;
    case 'percentiles': {
      const sorted = values.slice().sort();
      toUnit(values, percentile(sorted, rule.low), percentile(sorted, rule.high));
      return;
    }
    case 'z-score':
      standardise(values, rule.over === 'non-zero');
      return;
  }
}

/** `low` to 0, `high` to 1, clipped; all 0 if there is nothing in between. */
function toUnit(values: Float32Array, low: number, high: number): void {
  if (!(high > low)) {
    values.fill(0);
    return;
  }
  const width = high - low;
  for (let n = 0; n < values.length; n++) {
    values[n] = Math.min(Math.max(((values[n] ?? 0) - low) / width, 0), 1);
  }
}

function extremes(values: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Linear between order statistics, in single precision: NumPy's default method. */
function percentile(sorted: Float32Array, percent: number): number {
  const at = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? 0;
  return low + (high - low) * (at - below);
}

/** Mean 0 and standard deviation 1 of the population, or of what is not 0. */
function standardise(values: Float32Array, nonZeroOnly: boolean): void {
  let count = 0;
  let sum = 0;
  for (const value of values) {
    if (nonZeroOnly && value === 0) continue;
    count++;
    sum += value;
  }
  if (count === 0) return;
  const mean = sum / count;
  let squares = 0;
  for (const value of values) {
    if (nonZeroOnly && value === 0) continue;
    squares += (value - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / count);
  const by = deviation > 0 ? deviation : 1;
  for (let n = 0; n < values.length; n++) values[n] = ((values[n] ?? 0) - mean) / by;
}
