import type { Volume } from '@voxcord/schemas/api';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Window } from './contracts.js';
import type { Foreground } from './foreground.js';

/** A named window. `id` is stable and meant for commands and settings; `label` is for people. */
export interface WindowPreset extends Window {
  readonly id: string;
  readonly label: string;
}

type Intensities = Pick<Volume, 'modality' | 'robustRange' | 'range'>;

/** The window that spans `low` to `high`. */
export function windowBetween(low: number, high: number): Window {
  const width = high - low;
  return width > 0 ? { width, level: (low + high) / 2 } : { width: 1, level: low };
}

/** Room above and below what an automatic window shows, as shares of it: nothing that matters is quite white. */
const ROOM_ABOVE = 0.1;
const ROOM_BELOW = 0.3;

/**
 * Spans the foreground, so that how much air is around a head does not decide how bright its white matter
 * is; without one, the 2nd to 98th percentile, or the whole range where these are equal.
 */
export function automaticWindow(volume: Intensities, foreground: Foreground | null): Window {
  const robust = volume.robustRange[1] > volume.robustRange[0] ? volume.robustRange : volume.range;
  const hasSpread = foreground !== null && foreground.high > foreground.low;
  const [low, high] = hasSpread ? [foreground.low, foreground.high] : robust;
  const span = high - low;
  return windowBetween(Math.max(volume.range[0], low - ROOM_BELOW * span), high + ROOM_ABOVE * span);
}

/**
 * Windows that make sense for a volume; the first is the one to start with. `foreground` is what stands
 * out from its background, as far as that is known.
 */
export function windowPresetsFor(
  volume: Intensities,
  foreground: Foreground | null,
  trans: TranslationBundle
): readonly WindowPreset[] {
  const general: readonly WindowPreset[] = [
    { id: 'auto', label: trans.__('Automatic'), ...automaticWindow(volume, foreground) },
    { id: 'full', label: trans.__('Full range'), ...windowBetween(volume.range[0], volume.range[1]) }
  ];
  if (volume.modality !== 'CT') return general;
  return [
    { id: 'abdomen', label: trans.__('Abdomen'), width: 400, level: 40 },
    { id: 'liver', label: trans.__('Liver'), width: 150, level: 60 },
    { id: 'lung', label: trans.__('Lung'), width: 1500, level: -600 },
    { id: 'bone', label: trans.__('Bone'), width: 1800, level: 400 },
    { id: 'brain', label: trans.__('Brain'), width: 80, level: 40 },
    ...general
  ];
}

/** Lowest and highest value that are not clipped. */
export function windowLimits(window: Window): readonly [number, number] {
  return [window.level - window.width / 2, window.level + window.width / 2];
}

/** A drag to the right widens; a drag down raises the level (the picture gets darker). */
export function draggedWindow(start: Window, dx: number, dy: number, volume: Intensities): Window {
  const span = Math.max(volume.robustRange[1] - volume.robustRange[0], start.width, Number.MIN_VALUE);
  const perPixel = span / 400;
  const smallest = Math.min(span / 4096, volume.modality === 'CT' ? 1 : span / 4096);
  return { width: Math.max(smallest, start.width + dx * perPixel), level: start.level + dy * perPixel };
}
