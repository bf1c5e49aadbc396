import type { TranslationBundle } from '@jupyterlab/translation';
import type { CriterionResult, Warning } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import { threeDigits } from '../ui/numbers.js';

export interface CriteriaProps {
  readonly criteria: readonly CriterionResult[];
  /** Where a value comes from, if it is that of one segment and one pair of readers. */
  readonly placeOf?: (quantity: string, value: number) => string | null;
  readonly trans: TranslationBundle;
}

/** What the protocol asks of the agreement, and whether it holds. */
export function CriteriaList({ criteria, placeOf, trans }: CriteriaProps): ReactNode {
  return (
    <Section title={trans.__('Acceptance criteria')}>
      {criteria.length === 0 && <p className="voxcord-Hint">{trans.__('The protocol names none.')}</p>}
      <CriteriaRows criteria={criteria} {...(placeOf === undefined ? {} : { placeOf })} trans={trans} />
    </Section>
  );
}

export function CriteriaRows({ criteria, placeOf, trans }: CriteriaProps): ReactNode {
  const placesOf = ({ values }: CriterionResult): string =>
    values.flatMap(({ name, value }) => (value === null ? [] : (placeOf?.(name, value) ?? []))).join('; ');
  return (
    <ul className="voxcord-Rows">
      {criteria.map(criterion => (
        <li
          key={criterion.id}
          className="voxcord-Criterion"
          data-criterion={criterion.id}
          title={criterion.description}
        >
          <Verdict met={criterion.met} trans={trans} />
          <code>{criterion.expression}</code>
          <span className="voxcord-Row-value">{valuesText(criterion)}</span>
          {placesOf(criterion) !== '' && <p className="voxcord-Row-detail">{placesOf(criterion)}</p>}
          {criterion.reason !== null && <p className="voxcord-Row-detail">{criterion.reason}</p>}
        </li>
      ))}
    </ul>
  );
}

function Verdict({ met, trans }: { readonly met: boolean | null; readonly trans: TranslationBundle }): ReactNode {
  if (met === null) return <span className="voxcord-Chip">{trans.__('not known')}</span>;
  return met ? (
    <span className="voxcord-Chip voxcord-mod-good">{trans.__('met')}</span>
  ) : (
    <span className="voxcord-Chip voxcord-mod-bad">{trans.__('not met')}</span>
  );
}

/** The quantities of the expression as they were found; one is clear by itself, several are named. */
export function valuesText({ values }: CriterionResult): string {
  const text = (value: number | null, unit: string): string =>
    value === null ? '–' : `${threeDigits(value)}${unit === '' ? '' : ` ${unit}`}`;
  const [first] = values;
  if (values.length === 1 && first !== undefined) return text(first.value, first.unit);
  return values.map(({ name, value, unit }) => `${name} ${text(value, unit)}`).join(', ');
}

/** What one should know before one trusts the figures. */
export function WarningList({
  warnings,
  trans
}: {
  readonly warnings: readonly Warning[];
  readonly trans: TranslationBundle;
}): ReactNode {
  if (warnings.length === 0) return null;
  return (
    <Section title={trans.__('Warnings')} aside={warnings.length}>
      <ul className="voxcord-Warnings">
        {warnings.map(({ code, text, segment }) => (
          <li key={`${code} ${segment ?? ''}`} data-warning={code}>
            {text}
          </li>
        ))}
      </ul>
    </Section>
  );
}
