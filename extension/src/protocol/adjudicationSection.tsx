import type { AdjudicationRules } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { ChoiceField, FormIssue, NumberField } from '../ui/form.js';
import { IconButton } from '../ui/iconButton.js';
import { plusIcon, removeIcon } from '../ui/icons.js';
import { ExpressionField } from './expressionField.js';
import { FormSection } from './formSection.js';
import { adjudicationTexts, textOf } from './methodTexts.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

/** Who decides what stayed disputed, and when. */
export function AdjudicationSection(props: SectionProps): ReactNode {
  const { model, content, isReadOnly, trans } = props;
  const { rule, triggers, minimumVolume } = content.adjudication;
  const edit = (change: Partial<AdjudicationRules>): void => {
    model.edit(now => ({ ...now, adjudication: { ...now.adjudication, ...change } }));
  };
  return (
    <FormSection
      title={trans.__('Adjudication')}
      intro={trans.__('Who decides where the readers disagree. Each decision is recorded with who, when and why.')}
      paths={['/adjudication']}
      model={model}
      trans={trans}
    >
      <div className="voxcord-Form-grid">
        <ChoiceField
          {...fieldAt(props, '/adjudication/rule')}
          label={trans.__('Somebody decides')}
          hint={textOf(adjudicationTexts(trans), rule).explanation}
          value={rule}
          choices={adjudicationTexts(trans)}
          onValue={value => edit({ rule: value })}
        />
        {rule !== 'none' && (
          <NumberField
            {...fieldAt(props, '/adjudication/minimumVolume')}
            label={trans.__('Disputes from')}
            hint={trans.__('Smaller ones are left to the consensus.')}
            min={0}
            max={1000}
            step={0.01}
            unit="ml"
            value={minimumVolume}
            onValue={value => edit({ minimumVolume: value })}
          />
        )}
      </div>
      {(rule === '2+1' || triggers.length > 0) && (
        <>
          <h3 className="voxcord-Form-heading">
            {trans.__('If')}
            {!isReadOnly && (
              <IconButton
                icon={plusIcon}
                label={trans.__('Add a condition')}
                isDisabled={triggers.length >= 16}
                onClick={() => edit({ triggers: [...triggers, 'dice < 0.8'] })}
              />
            )}
          </h3>
          <FormIssue issue={model.issueAt('/adjudication/triggers')} />
          <ul className="voxcord-Expressions">
            {triggers.map((trigger, index) => (
              <li key={index} className="voxcord-Expression">
                <ExpressionField
                  {...fieldAt(props, `/adjudication/triggers/${index}`)}
                  label={trans.__('Condition %1', index + 1)}
                  value={trigger}
                  onValue={value => edit({ triggers: triggers.map((other, at) => (at === index ? value : other)) })}
                />
                {!isReadOnly && (
                  <IconButton
                    icon={removeIcon}
                    label={trans.__('Remove condition %1', index + 1)}
                    onClick={() => edit({ triggers: triggers.filter((_, at) => at !== index) })}
                  />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </FormSection>
  );
}
