import type { TranslationBundle } from '@jupyterlab/translation';
import type { ModelProvenance } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { durationText, memoryText } from './jobTexts.js';
import { nameAndVersion } from './modelTexts.js';

interface ProvenanceProps {
  readonly provenance: ModelProvenance;
  readonly trans: TranslationBundle;
}

/** What made the labels of a model: enough to make them again. */
export function Provenance({ provenance, trans }: ProvenanceProps): ReactNode {
  const { model, volume, software, provider, seconds, peakMemoryMb } = provenance;
  return (
    <dl className="voxcord-ModelFacts" data-provenance={model.sha256}>
      <div>
        <dt>{trans.__('Model')}</dt>
        <dd>
          {nameAndVersion(model)} <code>{model.sha256}</code>
        </dd>
      </div>
      <div>
        <dt>{trans.__('Image')}</dt>
        <dd>
          <code>{volume}</code>
        </dd>
      </div>
      <div>
        <dt>{trans.__('Software')}</dt>
        <dd>{[...software.map(({ name, version }) => `${name} ${version}`), provider].join(', ')}</dd>
      </div>
      <div>
        <dt>{trans.__('Took')}</dt>
        <dd>{trans.__('%1, at most %2 of memory', durationText(seconds, trans), memoryText(peakMemoryMb, trans))}</dd>
      </div>
    </dl>
  );
}
