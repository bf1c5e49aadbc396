import type { DatasetStatement } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { NumberField, TextField } from '../ui/form.js';
import { FormSection } from './formSection.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

/** Who signs a release and what it tells of its data. */
export function ReleaseSection(props: SectionProps): ReactNode {
  const { model, content, trans } = props;
  const { signatures, dataset } = content;
  const edit = (change: Partial<DatasetStatement>): void => {
    model.edit(now => ({ ...now, dataset: { ...now.dataset, ...change } }));
  };
  const statements: readonly (readonly [keyof DatasetStatement, string, string])[] = [
    ['purpose', trans.__('Purpose'), trans.__('What the ground truth is for')],
    ['origin', trans.__('Origin'), trans.__('Where the images come from, and for what they were made')],
    ['deidentification', trans.__('De-identification'), trans.__('How, and who has checked it')],
    ['limitations', trans.__('Limitations'), trans.__('Who and what is not in the data')],
    ['population', trans.__('Population'), trans.__('Of whom the images are: ages, sexes, diseases, sites')],
    ['collection', trans.__('Collection'), trans.__('When and how the images were gathered')],
    ['biases', trans.__('Biases'), trans.__('What is over- or under-represented, and why')]
  ];
  return (
    <FormSection
      title={trans.__('Release')}
      intro={trans.__(
        'Goes into every release, so that others know what they have. Nothing can be released without it; population, collection and biases may stay empty.'
      )}
      paths={['/dataset', '/signatures']}
      model={model}
      trans={trans}
    >
      <div className="voxcord-Form-grid">
        <NumberField
          {...fieldAt(props, '/signatures/release')}
          label={trans.__('Signatures')}
          hint={trans.__('Different people who must sign a release.')}
          min={1}
          max={8}
          value={signatures.release}
          onValue={release => model.edit(now => ({ ...now, signatures: { release } }))}
        />
        {statements.map(([name, label, placeholder]) => (
          <TextField
            key={name}
            {...fieldAt(props, `/dataset/${name}`)}
            label={label}
            placeholder={placeholder}
            rows={2}
            maxLength={4000}
            value={dataset[name] ?? ''}
            onValue={value => edit({ [name]: value })}
          />
        ))}
        <TextField
          {...fieldAt(props, '/dataset/licence')}
          label={trans.__('Licence')}
          placeholder={trans.__('CC-BY-4.0')}
          maxLength={200}
          value={dataset.licence}
          onValue={licence => edit({ licence })}
        />
      </div>
    </FormSection>
  );
}
