import type { Volume } from '@voxcord/schemas/api';
import type { Window } from './contracts.js';

/** A named window. `id` is stable and meant for commands and settings; `label` is for people. */
export interface WindowPreset extends Window {
  readonly id: string;
  readonly label: string;
}

const CT: readonly WindowPreset[] = [
  { id: 'abdomen', label: 'Abdomen', width: 400, level: 40 },
  { id: 'liver', label: 'Liver', width: 150, level: 60 },
  { id: 'lung', label: 'Lung', width: 1500, level: -600 },
  { id: 'bone', label: 'Bone', width: 1800, level: 400 },
  { id: 'brain', label: 'Brain', width: 80, level: 40 }
];

type Intensities = Pick<Volume, 'modality' | 'robustRange' | 'range'>;

/** The window that spans `low` to `high`. */
export function windowBetween(low: number, high: number): Window {
  const width = high - low;
  return width > 0 ? { width, level: (low + high) / 2 } : { width: 1, level: low };
}

/** 2nd to 98th percentile; the whole range where these are equal (mostly background). */
export function automaticWindow(volume: Intensities): WindowPreset {
  const [low, high] = volume.robustRange[1] > volume.robustRange[0] ? volume.robustRange : volume.range;
  return { id: 'auto', label: 'Automatic', ...windowBetween(low, high) };
}

/** Windows that make sense for a volume; the first is the one to start with. */
export function windowPresetsFor(volume: Intensities): readonly WindowPreset[] {
  const full: WindowPreset = { id: 'full', label: 'Full range', ...windowBetween(volume.range[0], volume.range[1]) };
  const automatic = automaticWindow(volume);
  return volume.modality === 'CT' ? [...CT, automatic, full] : [automatic, full];
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
