import { type ClipboardEvent, type ReactNode, useRef, useState } from 'react';

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
  /** Answers whether it was kept: what was not stays to be corrected. */
  readonly onKeep: (value: string) => Promise<boolean>;
  /** Answers whether what was pasted went elsewhere than into the field. */
  readonly onPaste?: (event: ClipboardEvent<HTMLInputElement>) => boolean;
}

/** Kept when it is left or on Enter; Escape takes back what was typed. */
export function KeptField(props: KeptFieldProps): ReactNode {
  const { label, value, placeholder, isNumber, isDisabled, maxLength = 500, list, onKeep, onPaste } = props;
  const [typed, setTyped] = useState<string | null>(null);
  /** On its way: leaving the field after Enter does not send it again. */
  const sent = useRef<string | null>(null);
  const keep = async (): Promise<void> => {
    if (typed === null || typed === sent.current) return;
    sent.current = typed;
    const isKept = typed === value || (await onKeep(typed));
    sent.current = null;
    if (isKept) setTyped(now => (now === typed ? null : now));
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
      onBlur={() => void keep()}
      onPaste={event => {
        if (onPaste?.(event) === true) setTyped(null);
      }}
      onKeyDown={event => {
        if (event.key === 'Enter') void keep();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}
