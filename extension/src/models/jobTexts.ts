import type { TranslationBundle } from '@jupyterlab/translation';
import type { ModelJob } from '@voxcord/schemas/api';

/** How far a job is, in a word or two. */
export function jobStateText({ state, priority }: ModelJob, trans: TranslationBundle): string {
  switch (state) {
    case 'waiting':
      return priority === 'later' ? trans.__('waiting, for later') : trans.__('waiting');
    case 'running':
      return trans.__('running');
    case 'done':
      return trans.__('done');
    case 'failed':
      return trans.__('failed');
    case 'cancelled':
      return trans.__('cancelled');
  }
}

/** How long it still takes, as far as one can tell; null: one cannot. */
export function remainingText({ remainingSeconds }: ModelJob, trans: TranslationBundle): string | null {
  if (remainingSeconds === null) return null;
  return trans.__('about %1 left', durationText(remainingSeconds, trans));
}

/** 4 s, 2 min, 1 h 20 min. */
export function durationText(seconds: number, trans: TranslationBundle): string {
  if (seconds < 1) return trans.__('1 s');
  if (seconds < 90) return trans.__('%1 s', Math.round(seconds));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return trans.__('%1 min', minutes);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? trans.__('%1 h', hours) : trans.__('%1 h %2 min', hours, rest);
}

/** 38 MB, 2.9 GB. */
export function memoryText(megabytes: number, trans: TranslationBundle): string {
  return megabytes < 1000 ? trans.__('%1 MB', Math.round(megabytes)) : trans.__('%1 GB', (megabytes / 1000).toFixed(1));
}
