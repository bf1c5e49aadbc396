import { type ReactNode, useId } from 'react';
import { FormIssue } from '../ui/form.js';
import type { FieldProps } from './sectionProps.js';

export interface ExpressionFieldProps extends FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** An expression with what is wrong with it below, while it is written. */
export function ExpressionField({ label, value, onValue, path, issue, isDisabled }: ExpressionFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="voxcord-Form-cell" data-path={path}>
      <input
        className="voxcord-Field voxcord-mod-code"
        value={value}
        maxLength={500}
        spellCheck={false}
        disabled={isDisabled}
        aria-label={label}
        aria-invalid={issue?.severity === 'error'}
        aria-describedby={id}
        onChange={event => onValue(event.target.value)}
      />
      <div id={id} className="voxcord-Form-note">
        <FormIssue issue={issue} />
      </div>
    </div>
  );
}
