import type { AgreementRules } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { ChoiceField, NumberField } from '../ui/form.js';
import { FormSection } from './formSection.js';
import { surfaceTexts, textOf } from './methodTexts.js';
import { RegionFields } from './regionFields.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

/** By which definitions agreement is measured. */
export function AgreementSection(props: SectionProps): ReactNode {
  const { model, content, trans } = props;
  const { surface, tolerance, kappaRegion } = content.agreement;
  const edit = (change: Partial<AgreementRules>): void => {
    model.edit(now => ({ ...now, agreement: { ...now.agreement, ...change } }));
  };
  return (
    <FormSection
      title={trans.__('Agreement')}
      intro={trans.__(
        'Programs define distances between surfaces differently and give different numbers for the same reads. The definition stands beside every number.'
      )}
      paths={['/agreement']}
      model={model}
      trans={trans}
    >
      <div className="voxcord-Form-grid">
        <ChoiceField
          {...fieldAt(props, '/agreement/surface')}
          label={trans.__('Distances')}
          hint={textOf(surfaceTexts(trans), surface).explanation}
          value={surface}
          choices={surfaceTexts(trans)}
          onValue={value => edit({ surface: value })}
        />
        <NumberField
          {...fieldAt(props, '/agreement/tolerance')}
          label={trans.__('Tolerance')}
          hint={trans.__('Boundaries this close count as equal in the surface Dice (NSD).')}
          min={0.1}
          max={100}
          step={0.5}
          unit="mm"
          value={tolerance}
          onValue={value => edit({ tolerance: value })}
        />
        <RegionFields
          {...props}
          label={trans.__('Kappa over')}
          path="/agreement/kappaRegion"
          region={kappaRegion}
          onRegion={region => edit({ kappaRegion: region })}
        />
      </div>
    </FormSection>
  );
}
