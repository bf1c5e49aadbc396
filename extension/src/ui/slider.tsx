import { type InputHTMLAttributes, type ReactNode, useState } from 'react';

export interface SliderProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'value' | 'onChange'> {
  readonly value: number;
  readonly onValue: (value: number) => void;
}

/**
 * A slider that moves with the hand and the keys at once. What it sets is drawn with the next frame only: without a
 * value of its own it would jump back until then, and lose steps.
 */
export function Slider({ value, onValue, ...others }: SliderProps): ReactNode {
  const [given, setGiven] = useState(value);
  const [shown, setShown] = useState(value);
  if (given !== value) {
    setGiven(value);
    setShown(value);
  }
  return (
    <input
      {...others}
      type="range"
      value={shown}
      onChange={event => {
        const next = Number(event.target.value);
        setShown(next);
        onValue(next);
      }}
    />
  );
}
