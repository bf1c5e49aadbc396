import type { ShapeMethod } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { CheckField, ChoiceField, NumberField } from '../ui/form.js';
import { type MethodId, methodTexts, textOf, tieTexts } from './methodTexts.js';
import { RegionFields } from './regionFields.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

export interface ShapeMethodFieldsProps extends SectionProps {
  readonly path: string;
  readonly method: ShapeMethod;
  readonly onMethod: (method: ShapeMethod) => void;
  /** Methods for one segment at a time only. */
  readonly isOneSegment: boolean;
}

/** How several masks become one, with the parameters of the method. */
export function ShapeMethodFields({
  path,
  method,
  onMethod,
  isOneSegment,
  ...props
}: ShapeMethodFieldsProps): ReactNode {
  const { trans } = props;
  const texts = methodTexts(trans).filter(({ value }) => !isOneSegment || value !== 'staple.multilabel.f64');
  const own = props.model.issueAt(`${path}/id`) ?? props.model.issueAt(path);
  return (
    <>
      <ChoiceField
        {...fieldAt(props, `${path}/id`)}
        issue={props.isReadOnly ? null : own}
        label={trans.__('Method')}
        hint={textOf(methodTexts(trans), method.id).explanation}
        value={method.id}
        choices={texts}
        onValue={id => onMethod(methodWith(id, method))}
      />
      {method.id === 'vote.kofn' && (
        <>
          <CheckField
            {...fieldAt(props, `${path}/threshold`)}
            label={trans.__('Votes needed')}
            text={trans.__('More than half')}
            isChecked={method.threshold === null}
            onValue={isHalf => onMethod({ ...method, threshold: isHalf ? null : 2 })}
          />
          {method.threshold !== null && (
            <NumberField
              {...fieldAt(props, `${path}/threshold`)}
              label={trans.__('At least')}
              min={1}
              max={64}
              unit={trans.__('readers')}
              value={method.threshold}
              onValue={threshold => onMethod({ ...method, threshold })}
            />
          )}
        </>
      )}
      {'ties' in method && (
        <ChoiceField
          {...fieldAt(props, `${path}/ties`)}
          label={trans.__('Ties')}
          hint={textOf(tieTexts(trans), method.ties).explanation}
          value={method.ties}
          choices={tieTexts(trans)}
          onValue={ties => onMethod({ ...method, ties })}
        />
      )}
      {method.id === 'staple.binary.itk' && (
        <NumberField
          {...fieldAt(props, `${path}/confidenceWeight`)}
          label={trans.__('Confidence weight')}
          hint={trans.__('1 as in the publication; more makes the prior count more.')}
          min={0.01}
          max={100}
          step={0.1}
          value={method.confidenceWeight}
          onValue={confidenceWeight => onMethod({ ...method, confidenceWeight })}
        />
      )}
      {'region' in method && (
        <RegionFields
          {...props}
          label={trans.__('Region')}
          path={`${path}/region`}
          region={method.region}
          onRegion={region => onMethod({ ...method, region })}
        />
      )}
    </>
  );
}

/** Another method with what it has in common with the one before. */
function methodWith(id: MethodId, before: ShapeMethod): ShapeMethod {
  const region = 'region' in before ? before.region : ({ rule: 'margin', millimetres: 10 } as const);
  const ties = 'ties' in before ? before.ties : 'undecided';
  switch (id) {
    case 'vote.kofn':
      return { id, threshold: null, ties };
    case 'sba':
      return { id, ties };
    case 'staple.binary.itk':
      return { id, confidenceWeight: 1, region };
    case 'staple.multilabel.f64':
    case 'staple.map':
      return { id, region };
  }
}
