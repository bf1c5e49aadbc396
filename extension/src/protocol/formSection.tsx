import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import type { ProtocolModel } from './protocolModel.js';

export interface FormSectionProps {
  readonly title: string;
  /** What this part decides, in a sentence. */
  readonly intro: string;
  /** Parts of the protocol that are edited here (JSON pointers). */
  readonly paths: readonly string[];
  readonly model: ProtocolModel;
  readonly trans: TranslationBundle;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the form, marked if it differs from the version before. */
export function FormSection({ title, intro, paths, model, trans, aside, children }: FormSectionProps): ReactNode {
  const isChanged = paths.some(path => model.isChanged(path));
  return (
    <div data-section={paths.join(' ')}>
      <Section
        title={title}
        aside={
          <>
            {isChanged && (
              <span className="voxcord-Pill voxcord-mod-changed" data-changed={paths[0]}>
                {trans.__('changed')}
              </span>
            )}
            {aside}
          </>
        }
      >
        <p className="voxcord-Hint">{intro}</p>
        {children}
      </Section>
    </div>
  );
}
