import type { LabelMap } from '@voxcord/schemas/labelmap';

const STROKES_AT_ONCE = 8;
/** Pause where the platform cannot tell when it is idle. */
const PAUSE_MILLISECONDS = 50;
/** Left over for what comes next. */
const SPARE_MILLISECONDS = 4;

/**
 * Decodes the strokes of a label map that was opened from a snapshot, a few at a time in idle moments, so that the first
 * undo does not have to. Returns a function that stops it.
 */
export function decodeWhenIdle(labelMap: LabelMap): () => void {
  let stop = (): void => undefined;
  const work = (deadline?: IdleDeadline): void => {
    do {
      if (!labelMap.decodeAhead(STROKES_AT_ONCE)) return;
    } while (deadline !== undefined && deadline.timeRemaining() > SPARE_MILLISECONDS);
    schedule();
  };
  const schedule = (): void => {
    if (typeof requestIdleCallback === 'function') {
      const handle = requestIdleCallback(work);
      stop = () => cancelIdleCallback(handle);
    } else {
      const handle = setTimeout(work, PAUSE_MILLISECONDS);
      stop = () => clearTimeout(handle);
    }
  };
  schedule();
  return () => stop();
}
