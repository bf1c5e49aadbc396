import type { Estimate } from '@voxcord/schemas/api';

/** `0.8731`, four digits that matter; `–` of what has no value. */
export function figureText(value: number | null, unit = ''): string {
  if (value === null) return '–';
  const whole = Math.trunc(Math.abs(value));
  const digits = whole === 0 ? 4 : Math.max(0, 4 - String(whole).length);
  return `${value.toFixed(digits).replace('-', '−')}${unit === '' ? '' : ` ${unit}`}`;
}

/** `0.80 to 0.93`, or a dash. */
export function intervalText({ interval }: Estimate): string {
  return interval === null ? '–' : `${figureText(interval[0])} to ${figureText(interval[1])}`;
}
