import type { Criterion } from '@voxcord/schemas/api';
import { QUANTITIES } from '@voxcord/schemas/criteria';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/iconButton.js';
import { plusIcon, removeIcon } from '../ui/icons.js';
import { ExpressionField } from './expressionField.js';
import { FormSection } from './formSection.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

/** What must hold in a case before it can be released. */
export function AcceptanceSection(props: SectionProps): ReactNode {
  const { model, content, isReadOnly, trans } = props;
  const { acceptance } = content;
  const edit = (change: (criteria: readonly Criterion[]) => Criterion[]): void => {
    model.edit(now => ({ ...now, acceptance: change(now.acceptance) }));
  };
  const change = (index: number, part: Partial<Criterion>): void => {
    edit(now => now.map((other, at) => (at === index ? { ...other, ...part } : other)));
  };
  const add = (): void => {
    edit(now => [...now, { id: freeId(now), expression: 'dice >= 0.8', description: '' }]);
  };
  return (
    <FormSection
      title={trans.__('Acceptance criteria')}
      intro={trans.__(
        'What must hold in each case. Whether it does is computed and stored with every release; nothing is hidden by it.'
      )}
      paths={['/acceptance']}
      model={model}
      trans={trans}
      aside={!isReadOnly && <IconButton icon={plusIcon} label={trans.__('Add a criterion')} onClick={add} />}
    >
      {acceptance.length === 0 && (
        <div className="voxcord-Empty">
          <p>{trans.__('For example: dice >= 0.8 and hd95 <= 5 mm. Without a criterion every case is accepted.')}</p>
          {!isReadOnly && (
            <button className="voxcord-Button" onClick={add}>
              {trans.__('Add the first criterion')}
            </button>
          )}
        </div>
      )}
      <ul className="voxcord-Expressions">
        {acceptance.map(({ id, expression, description }, index) => (
          <li key={index} className="voxcord-Expression">
            <div className="voxcord-Form-cell">
              <ExpressionField
                {...fieldAt(props, `/acceptance/${index}/expression`)}
                label={trans.__('Criterion %1', id)}
                value={expression}
                onValue={value => change(index, { expression: value })}
              />
              <input
                className="voxcord-Field"
                value={description}
                maxLength={500}
                disabled={isReadOnly}
                placeholder={trans.__('Why, in words')}
                aria-label={trans.__('Description of criterion %1', id)}
                onChange={event => change(index, { description: event.target.value })}
              />
            </div>
            {!isReadOnly && (
              <IconButton
                icon={removeIcon}
                label={trans.__('Remove criterion %1', id)}
                onClick={() => edit(now => now.filter((_, at) => at !== index))}
              />
            )}
          </li>
        ))}
      </ul>
      <details className="voxcord-Quantities">
        <summary>{trans.__('What can be compared')}</summary>
        <dl>
          {Object.entries(QUANTITIES).map(([name, { description }]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{description}</dd>
            </div>
          ))}
        </dl>
        <p className="voxcord-Hint">
          {trans.__(
            'Lengths and volumes have units: mm, cm, ml. A segment stands in brackets, dice(tumour); without one, the worst segment counts. Combine with and, or, not.'
          )}
        </p>
      </details>
    </FormSection>
  );
}

function freeId(criteria: readonly Criterion[]): string {
  const taken = new Set(criteria.map(({ id }) => id));
  let n = criteria.length + 1;
  while (taken.has(`criterion-${n}`)) n++;
  return `criterion-${n}`;
}
