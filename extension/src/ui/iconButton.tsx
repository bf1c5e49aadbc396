import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';

export interface IconButtonProps {
  readonly icon: LabIcon;
  readonly label: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  /** Words beside the icon; without them the label is the tooltip alone. */
  readonly text?: string;
}

export function IconButton({ icon, label, onClick, isPressed, isDisabled, text }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={`voxcord-IconButton${isPressed === true ? ' voxcord-mod-pressed' : ''}`}
      title={label}
      aria-label={label}
      disabled={isDisabled === true}
      onClick={onClick}
      {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
    >
      <icon.react tag="span" width="16px" height="16px" />
      {text !== undefined && <span>{text}</span>}
    </button>
  );
}
