import type { ProtocolContent } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { CheckField, NumberField, TextField } from '../ui/form.js';
import { FormSection } from './formSection.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

type Readers = ProtocolContent['readers'];

/** A tenth of the cases, read again after four weeks. */
const USUAL_REPEAT = { share: 0.1, afterDays: 28 };

/** Who reads, and what they see of one another. */
export function ReadersSection(props: SectionProps): ReactNode {
  const { model, content, trans } = props;
  const { readers } = content;
  const { repeat } = readers;
  const edit = (change: Partial<Readers>): void => {
    model.edit(now => ({ ...now, readers: { ...now.readers, ...change } }));
  };
  return (
    <FormSection
      title={trans.__('Who reads')}
      intro={trans.__('Who is given which case is decided later, case by case.')}
      paths={['/readers']}
      model={model}
      trans={trans}
    >
      <div className="voxcord-Form-grid">
        <NumberField
          {...fieldAt(props, '/readers/perCase')}
          label={trans.__('Readers per case')}
          min={1}
          max={64}
          value={readers.perCase}
          onValue={perCase => edit({ perCase })}
        />
        <CheckField
          {...fieldAt(props, '/readers/blind')}
          label={trans.__('Blind')}
          text={trans.__('Readers cannot see one another’s work')}
          hint={trans.__('The server sends a blind reader nothing of the other reads: no strokes, no names, no sizes.')}
          isChecked={readers.blind}
          onValue={blind => edit({ blind })}
        />
        <TextField
          {...fieldAt(props, '/readers/qualification')}
          label={trans.__('Qualification')}
          placeholder={trans.__('Radiologist with 5 years of abdominal imaging')}
          maxLength={1000}
          value={readers.qualification}
          onValue={qualification => edit({ qualification })}
        />
        <CheckField
          {...fieldAt(props, '/readers/repeat')}
          label={trans.__('Repeats')}
          text={trans.__('Some cases are read twice by the same reader')}
          hint={trans.__('Tells how much readers agree with themselves.')}
          isChecked={repeat !== null}
          onValue={isOn => edit({ repeat: isOn ? USUAL_REPEAT : null })}
        />
        {repeat !== null && (
          <>
            <NumberField
              {...fieldAt(props, '/readers/repeat/share')}
              label={trans.__('Share of the cases')}
              min={1}
              max={100}
              unit="%"
              value={Math.round(repeat.share * 1000) / 10}
              onValue={percent => edit({ repeat: { ...repeat, share: percent / 100 } })}
            />
            <NumberField
              {...fieldAt(props, '/readers/repeat/afterDays')}
              label={trans.__('Not before')}
              min={0}
              max={3650}
              unit={trans.__('days')}
              value={repeat.afterDays}
              onValue={afterDays => edit({ repeat: { ...repeat, afterDays } })}
            />
          </>
        )}
      </div>
    </FormSection>
  );
}
