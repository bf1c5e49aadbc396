import type { ReactNode } from 'react';

export interface AvatarProps {
  readonly initials: string;
  readonly colour: string;
  readonly title: string;
  readonly isAway?: boolean;
}

/** A person as a disc in their colour. */
export function Avatar({ initials, colour, title, isAway }: AvatarProps): ReactNode {
  return (
    <span
      className={`voxcord-Avatar${isAway === true ? ' voxcord-mod-away' : ''}`}
      style={{ backgroundColor: colour, color: inkOn(colour) }}
      title={title}
    >
      {initials.slice(0, 2)}
    </span>
  );
}

/** Black or white, whichever is easier to read on `colour` (#rrggbb). */
export function inkOn(colour: string): string {
  const value = Number.parseInt(colour.slice(1), 16);
  const luminance = (((value >> 16) & 255) * 299 + ((value >> 8) & 255) * 587 + (value & 255) * 114) / 1000;
  return luminance > 150 ? '#000' : '#fff';
}
