import type { RegionRule } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { ChoiceField, NumberField } from '../ui/form.js';
import { regionTexts, textOf } from './methodTexts.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

export interface RegionFieldsProps extends SectionProps {
  readonly label: string;
  readonly path: string;
  readonly region: RegionRule;
  readonly onRegion: (region: RegionRule) => void;
}

/** The voxels that a statistic is computed on. */
export function RegionFields({ label, path, region, onRegion, ...props }: RegionFieldsProps): ReactNode {
  const { trans } = props;
  const texts = regionTexts(trans);
  return (
    <>
      <ChoiceField
        {...fieldAt(props, path)}
        label={label}
        hint={textOf(texts, region.rule).explanation}
        value={region.rule}
        choices={texts}
        onValue={rule => onRegion(rule === 'margin' ? { rule, millimetres: 10 } : { rule })}
      />
      {region.rule === 'margin' && (
        <NumberField
          {...fieldAt(props, `${path}/millimetres`)}
          label={trans.__('Margin')}
          min={0}
          max={1000}
          step={0.5}
          unit="mm"
          value={region.millimetres}
          onValue={millimetres => onRegion({ rule: 'margin', millimetres })}
        />
      )}
    </>
  );
}
