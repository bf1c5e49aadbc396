import type { Volume } from '@voxcord/schemas/api';
import type { Vector, Window } from './contracts.js';

const MINUS = '\u2212';

/** A number with a real minus sign; `-0` is 0. */
function signed(text: string): string {
  const value = /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
  return value.replace('-', MINUS);
}

/** World position: `x 81.5 y 58.0 z 99.3`; patient's right, anterior and superior are positive. */
export function formatMm([x, y, z]: Vector): string {
  return `x ${signed(x.toFixed(1))} y ${signed(y.toFixed(1))} z ${signed(z.toFixed(1))}`;
}

/** A value with its unit: whole for HU, else three significant digits. */
export function formatValue(value: number, unit: Volume['unit']): string {
  if (unit === 'HU') return `${signed(value.toFixed(0))} HU`;
  return signed(short(value));
}

/** `W 400 L 40`. */
export function formatWindow({ width, level }: Window, volume: Pick<Volume, 'unit'>): string {
  const digits = (value: number): string => signed(volume.unit === 'HU' ? value.toFixed(0) : short(value));
  return `W ${digits(width)} L ${digits(level)}`;
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e7)) return value.toExponential(2);
  return Number.isInteger(value) || size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
