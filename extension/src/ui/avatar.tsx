import type { ReactNode } from 'react';

export interface AvatarProps {
  readonly initials: string;
  readonly colour: string;
  readonly title: string;
  readonly isAway?: boolean;
  /** Makes it a button. */
  readonly onClick?: () => void;
  readonly isPressed?: boolean;
}

/** A person as a disc in their colour. */
export function Avatar({ initials, colour, title, isAway, onClick, isPressed }: AvatarProps): ReactNode {
  const look = {
    className: `voxcord-Avatar${isAway === true ? ' voxcord-mod-away' : ''}${isPressed === true ? ' voxcord-mod-pressed' : ''}`,
    style: { backgroundColor: colour, color: inkOn(colour) },
    title
  };
  const letters = initials.slice(0, 2);
  if (onClick === undefined) return <span {...look}>{letters}</span>;
  return (
    <button {...look} type="button" aria-label={title} aria-pressed={isPressed === true} onClick={onClick}>
      {letters}
    </button>
  );
}

/** Black or white, whichever is easier to read on `colour` (#rrggbb). */
export function inkOn(colour: string): string {
  const value = Number.parseInt(colour.slice(1), 16);
  const luminance = (((value >> 16) & 255) * 299 + ((value >> 8) & 255) * 587 + (value & 255) * 114) / 1000;
  return luminance > 150 ? '#000' : '#fff';
}
