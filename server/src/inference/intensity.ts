import type { Intensity } from '@voxcord/schemas/models';
import { orderStatistics } from './orderStatistics.js';

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
    case 'percentiles':
      toUnit(values, ...percentiles(values, rule.low, rule.high));
      return;
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
  for (let n = 0; n < values.length; n++) {
    const value = values[n] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Linear between order statistics: NumPy's default method. */
function percentiles(values: Float32Array, low: number, high: number): [number, number] {
  const last = values.length - 1;
  const places = [low, high].map(percent => (percent / 100) * last);
  const ranks = places.flatMap(at => [Math.floor(at), Math.min(Math.floor(at) + 1, last)]);
  const [a = 0, b = 0, c = 0, d = 0] = orderStatistics(values, ranks);
  const between = (below: number, above: number, at: number): number => below + (above - below) * (at - Math.floor(at));
  return [between(a, b, places[0] ?? 0), between(c, d, places[1] ?? 0)];
}

/** Mean 0 and standard deviation 1 of the population, or of what is not 0. Where that is one value, it is only shifted. */
function standardise(values: Float32Array, nonZeroOnly: boolean): void {
  let count = 0;
  let sum = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n] ?? 0;
    if (nonZeroOnly && value === 0) continue;
    count++;
    sum += value;
  }
  if (count === 0) return;
  const mean = sum / count;
  let squares = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n] ?? 0;
    if (nonZeroOnly && value === 0) continue;
    squares += (value - mean) * (value - mean);
  }
  const deviation = Math.sqrt(squares / count);
  const by = deviation > 0 ? deviation : 1;
  for (let n = 0; n < values.length; n++) values[n] = ((values[n] ?? 0) - mean) / by;
}
