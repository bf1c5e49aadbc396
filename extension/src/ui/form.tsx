import { type ReactNode, useId, useState } from 'react';

/** What somebody should know about a value. */
export interface FieldIssue {
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

interface Common {
  readonly label: string;
  /** One sentence below the control. */
  readonly hint?: ReactNode;
  readonly issue?: FieldIssue | null;
  readonly isDisabled?: boolean;
  /** Path of the value in what is edited, for tests and for jumping to a problem. */
  readonly path?: string;
}

interface RowProps extends Common {
  readonly control: (attributes: ControlAttributes) => ReactNode;
}

interface ControlAttributes {
  readonly id: string;
  readonly disabled: boolean;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

/** Label, control, and below it what it means or what is wrong with it. Two cells of a `voxcord-Form-grid`. */
export function FormRow({ label, hint, issue = null, isDisabled = false, path, control }: RowProps): ReactNode {
  const id = useId();
  return (
    <>
      <label className="voxcord-Label" htmlFor={id}>
        {label}
      </label>
      <div className="voxcord-Form-cell" data-path={path}>
        {control({
          id,
          disabled: isDisabled,
          'aria-invalid': issue?.severity === 'error',
          'aria-describedby': `${id}-note`
        })}
        <div id={`${id}-note`} className="voxcord-Form-note">
          <FormIssue issue={issue} />
          {hint !== undefined && <span className="voxcord-Row-detail">{hint}</span>}
        </div>
      </div>
    </>
  );
}

/** What is wrong, or could be better, where it is. */
export function FormIssue({ issue }: { readonly issue: FieldIssue | null }): ReactNode {
  if (issue === null) return null;
  return issue.severity === 'error' ? (
    <p className="voxcord-Problem" role="alert" data-issue="error">
      {issue.text}
    </p>
  ) : (
    <p className="voxcord-Warning" data-issue="warning">
      {issue.text}
    </p>
  );
}

export interface TextFieldProps extends Common {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly maxLength: number;
  readonly placeholder?: string;
  /** More than one line. */
  readonly rows?: number;
  readonly isCode?: boolean;
}

export function TextField({ value, onValue, maxLength, placeholder, rows, isCode, ...row }: TextFieldProps): ReactNode {
  const className = `voxcord-Field${rows === undefined ? '' : ' voxcord-mod-text'}${isCode === true ? ' voxcord-mod-code' : ''}`;
  return (
    <FormRow
      {...row}
      control={attributes =>
        rows === undefined ? (
          <input
            {...attributes}
            className={className}
            value={value}
            maxLength={maxLength}
            placeholder={placeholder}
            spellCheck={isCode !== true}
            onChange={event => onValue(event.target.value)}
          />
        ) : (
          <textarea
            {...attributes}
            className={className}
            rows={rows}
            value={value}
            maxLength={maxLength}
            placeholder={placeholder}
            onChange={event => onValue(event.target.value)}
          />
        )
      }
    />
  );
}

export interface NumberFieldProps extends Common {
  readonly value: number;
  readonly onValue: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** "mm" */
  readonly unit?: string;
}

export function NumberField({ value, onValue, min, max, step, unit, ...row }: NumberFieldProps): ReactNode {
  return (
    <FormRow
      {...row}
      control={attributes => (
        <span className="voxcord-Form-line">
          <NumberInput attributes={attributes} value={value} onValue={onValue} min={min} max={max} step={step} />
          {unit !== undefined && <span className="voxcord-Row-detail">{unit}</span>}
        </span>
      )}
    />
  );
}

interface NumberInputProps {
  readonly attributes: ControlAttributes;
  readonly value: number;
  readonly onValue: (value: number) => void;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly step: number | undefined;
}

/** Keeps what is typed while it is no number yet ("0.", ""), and goes back to the value when it is left so. */
function NumberInput({ attributes, value, onValue, min, max, step }: NumberInputProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      {...attributes}
      className="voxcord-Field voxcord-mod-number"
      type="number"
      min={min}
      max={max}
      step={step ?? 1}
      value={typed ?? String(value)}
      onChange={event => {
        const { value: text, valueAsNumber: number } = event.target;
        const isNumber = Number.isFinite(number);
        setTyped(isNumber && String(number) === text ? null : text);
        if (isNumber) onValue(number);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
}

export interface ChoiceFieldProps<V extends string> extends Common {
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onValue: (value: V) => void;
}

export function ChoiceField<V extends string>({ value, choices, onValue, ...row }: ChoiceFieldProps<V>): ReactNode {
  return (
    <FormRow
      {...row}
      control={attributes => (
        <select
          {...attributes}
          className="voxcord-Select"
          value={value}
          onChange={event => {
            const chosen = choices.find(choice => choice.value === event.target.value);
            if (chosen !== undefined) onValue(chosen.value);
          }}
        >
          {choices.map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    />
  );
}

export interface CheckFieldProps extends Common {
  /** Words beside the box. */
  readonly text: string;
  readonly isChecked: boolean;
  readonly onValue: (isChecked: boolean) => void;
}

export function CheckField({ text, isChecked, onValue, ...row }: CheckFieldProps): ReactNode {
  return (
    <FormRow
      {...row}
      control={attributes => (
        <label className="voxcord-Form-line">
          <input
            {...attributes}
            type="checkbox"
            className="voxcord-Check"
            checked={isChecked}
            onChange={event => onValue(event.target.checked)}
          />
          {text}
        </label>
      )}
    />
  );
}
