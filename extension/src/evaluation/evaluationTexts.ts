import type { TranslationBundle } from '@jupyterlab/translation';
import type { Estimate, Measure, SizeBinSummary } from '@voxcord/schemas/api';
import { share } from '../review/agreementMatrix.js';
import { threeDigits } from '../ui/numbers.js';

/** A figure as people read it: shares without their leading zero, lengths and volumes with three digits. */
export function figureText(value: number | null, unit: Measure['unit'] | 'count' = ''): string {
  if (value === null) return '–';
  return unit === '' && value >= 0 && value <= 1 ? share(value, 3) : threeDigits(value);
}

export function intervalText({ interval }: Estimate, unit: Measure['unit'] | 'count' = ''): string {
  return interval === null ? '–' : `${figureText(interval[0], unit)} – ${figureText(interval[1], unit)}`;
}

export function measureName({ name, unit }: Measure): string {
  return unit === '' ? name : `${name}, ${unit}`;
}

export function sizeText({ from, below }: Pick<SizeBinSummary, 'from' | 'below'>, trans: TranslationBundle): string {
  if (below === null) return trans.__('%1 mm and more', from);
  return from === 0 ? trans.__('below %1 mm', below) : trans.__('%1 to below %2 mm', from, below);
}

/** Whether a figure is shown first: those that need no definition of surfaces, and those by that of the protocol. */
export function isPrimary(definition: string, surface: string): boolean {
  return !definition.includes('.') || definition.startsWith('volume.') || definition.split('.')[1] === surface;
}
