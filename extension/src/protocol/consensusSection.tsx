import type { ConsensusRules } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { CheckField, NumberField } from '../ui/form.js';
import { FormSection } from './formSection.js';
import { type SectionProps, fieldAt } from './sectionProps.js';
import { ShapeMethodFields } from './shapeMethodFields.js';

type LesionRules = ConsensusRules['lesions'];

/** How the reads of a case become one. */
export function ConsensusSection(props: SectionProps): ReactNode {
  const { model, content, trans } = props;
  const { structures, lesions, modelWeight } = content.consensus;
  const { matching, presence, shape } = lesions;
  const edit = (change: Partial<ConsensusRules>): void => {
    model.edit(now => ({ ...now, consensus: { ...now.consensus, ...change } }));
  };
  const editLesions = (change: Partial<LesionRules>): void => {
    model.edit(now => ({
      ...now,
      consensus: { ...now.consensus, lesions: { ...now.consensus.lesions, ...change } }
    }));
  };
  return (
    <FormSection
      title={trans.__('Consensus')}
      intro={trans.__('How the submitted reads of a case become one label map.')}
      paths={['/consensus']}
      model={model}
      trans={trans}
    >
      <h3 className="voxcord-Form-heading">{trans.__('Structures')}</h3>
      <div className="voxcord-Form-grid">
        <ShapeMethodFields
          {...props}
          path="/consensus/structures"
          method={structures}
          onMethod={method => edit({ structures: method })}
          isOneSegment={false}
        />
      </div>

      <h3 className="voxcord-Form-heading">{trans.__('Lesions')}</h3>
      <p className="voxcord-Hint">
        {trans.__(
          'First it is found out which marks of different readers are the same lesion, then whether it exists, and only then what shape it has. Marks are the same lesion if one of these holds, tried in this order.'
        )}
      </p>
      <div className="voxcord-Form-grid">
        <NumberField
          {...fieldAt(props, '/consensus/lesions/matching/minimumIou')}
          label={trans.__('Overlap (IoU) from')}
          hint={trans.__('Intersection over union: 1 is equal, 0.1 forgives very different sizes.')}
          min={0.01}
          max={1}
          step={0.05}
          value={matching.minimumIou}
          onValue={minimumIou => editLesions({ matching: { ...matching, minimumIou } })}
        />
        <CheckField
          {...fieldAt(props, '/consensus/lesions/matching/centroidInMask')}
          label={trans.__('Centre')}
          text={trans.__('The centre of one lies in the other')}
          isChecked={matching.centroidInMask}
          onValue={centroidInMask => editLesions({ matching: { ...matching, centroidInMask } })}
        />
        <NumberField
          {...fieldAt(props, '/consensus/lesions/matching/maximumDistance')}
          label={trans.__('Distance up to')}
          hint={trans.__('Between the surfaces; 0: they must touch.')}
          min={0}
          max={100}
          step={0.5}
          unit="mm"
          value={matching.maximumDistance}
          onValue={maximumDistance => editLesions({ matching: { ...matching, maximumDistance } })}
        />
        <CheckField
          {...fieldAt(props, '/consensus/lesions/presence')}
          label={trans.__('Seen by')}
          text={trans.__('More than half of the readers')}
          isChecked={presence === null}
          onValue={isHalf => editLesions({ presence: isHalf ? null : 2 })}
        />
        {presence !== null && (
          <NumberField
            {...fieldAt(props, '/consensus/lesions/presence')}
            label={trans.__('At least')}
            min={1}
            max={64}
            unit={trans.__('readers')}
            value={presence}
            onValue={count => editLesions({ presence: count })}
          />
        )}
        <ShapeMethodFields
          {...props}
          path="/consensus/lesions/shape"
          method={shape}
          onMethod={method => editLesions({ shape: method })}
          isOneSegment
        />
      </div>

      <h3 className="voxcord-Form-heading">{trans.__('Models')}</h3>
      <div className="voxcord-Form-grid">
        <NumberField
          {...fieldAt(props, '/consensus/modelWeight')}
          label={trans.__('Weight of a model')}
          hint={trans.__(
            'Among people, who weigh 1 each. 0: its read is shown and does not count. In between: with votes of more than half and shape-based averaging only.'
          )}
          min={0}
          max={1}
          step={0.1}
          value={modelWeight}
          onValue={weight => edit({ modelWeight: weight })}
        />
      </div>
    </FormSection>
  );
}
