import { type ClipboardEvent, type ReactNode, useState } from 'react';

export interface KeptFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** From 0 to 80. */
  readonly isNumber?: boolean;
  readonly isDisabled: boolean;
  readonly maxLength?: number;
  /** Id of a list of suggestions. */
  readonly list?: string;
  readonly onKeep: (value: string) => void;
  readonly onPaste?: (event: ClipboardEvent<HTMLInputElement>) => void;
}

/** Kept when it is left or on Enter; Escape takes back what was typed. */
export function KeptField(props: KeptFieldProps): ReactNode {
  const { label, value, placeholder, isNumber, isDisabled, maxLength = 500, list, onKeep, onPaste } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const keep = (): void => {
    if (typed !== null && typed !== value) onKeep(typed);
    setTyped(null);
  };
  return (
    <input
      className={`voxcord-Field${isNumber === true ? ' voxcord-mod-number' : ''}`}
      {...(isNumber === true ? { type: 'number', min: 0, max: 80 } : { maxLength })}
      {...(list === undefined ? {} : { list })}
      value={typed ?? value}
      placeholder={placeholder}
      disabled={isDisabled}
      aria-label={label}
      onChange={event => setTyped(event.target.value)}
      onBlur={keep}
      onPaste={onPaste}
      onKeyDown={event => {
        if (event.key === 'Enter') keep();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}
