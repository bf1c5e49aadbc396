import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';

/** Stands wherever a model stands among people, so that nobody takes it for one of them. */
export function ModelMark({ trans }: { readonly trans: TranslationBundle }): ReactNode {
  return (
    <abbr className="voxcord-ModelMark" title={trans.__('Labelled by a model, not by a person')}>
      {trans.__('AI')}
    </abbr>
  );
}
