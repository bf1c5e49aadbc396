import type { CSSProperties, ReactNode } from 'react';
import { Slider } from './slider.js';

export interface TwoHandlesProps {
  readonly min: number;
  readonly max: number;
  readonly low: number;
  readonly high: number;
  readonly labels: readonly [low: string, high: string];
  readonly onChange: (low: number, high: number) => void;
}

const STEPS = 200;

/** A slider with two handles: two sliders on one track, so that both can be reached by key. */
export function TwoHandles({ min, max, low, high, labels, onChange }: TwoHandlesProps): ReactNode {
  const span = max > min ? max - min : 1;
  // Whole numbers of a CT stay whole.
  const step = span >= STEPS ? Math.max(1, Math.round(span / STEPS)) : span / STEPS;
  const percent = (value: number): string => `${Math.min(100, Math.max(0, ((value - min) / span) * 100))}%`;
  const style = { '--voxcord-low': percent(low), '--voxcord-high': percent(high) } as CSSProperties;
  const handle = (value: number, label: string, change: (value: number) => void): ReactNode => (
    <Slider min={min} max={max} step={step} value={value} aria-label={label} title={label} onValue={change} />
  );
  return (
    <span className="voxcord-TwoHandles" style={style}>
      {handle(low, labels[0], value => onChange(Math.min(value, high), high))}
      {handle(high, labels[1], value => onChange(low, Math.max(value, low)))}
    </span>
  );
}
