import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import { ModelMark } from '../ui/modelMark.js';
import { modelLines, otherOrigins } from './originTexts.js';

interface ReadOriginsProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

/** What stands in the read that is open and comes from models. An undo takes paint back, not what was seen. */
export function ReadOrigins({ view, trans }: ReadOriginsProps): ReactNode {
  const { model, reading } = view;
  const { origins } = reading;
  if (origins.length === 0) return null;
  const lines = modelLines(origins, model.session?.segments ?? [], model.case?.reads ?? [], trans);
  return (
    <div className="voxcord-Origins">
      <h3
        className="voxcord-Label"
        title={trans.__('This stays known when what was copied is undone or painted over.')}
      >
        {trans.__('From models')}
      </h3>
      <ul aria-label={trans.__('From models')}>
        {lines.map(line => (
          <li key={line.sha256} title={trans.__('SHA-256 %1', line.sha256)}>
            <ModelMark trans={trans} />
            {line.model}
            {line.uses.map(({ kind, text }, index) => (
              <div key={index} className="voxcord-Row-detail" data-origin={kind}>
                {text}
              </div>
            ))}
          </li>
        ))}
        {otherOrigins(origins).map(name => (
          <li key={name} data-origin="other">
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
