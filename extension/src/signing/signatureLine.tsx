import type { TranslationBundle } from '@jupyterlab/translation';
import type { Signature } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { instantText } from '../ui/dates.js';
import { meaningWord } from './meanings.js';

export interface SignatureLineProps {
  readonly signature: Signature;
  readonly trans: TranslationBundle;
}

/** Name, time and meaning of a signature, as they must stand wherever it is shown. */
export function SignatureLine({ signature, trans }: SignatureLineProps): ReactNode {
  const { name, username, time, meaning, keyId } = signature;
  return (
    <span
      className="voxcord-Signature"
      data-signature={username}
      title={trans.__('%1 (%2), %3, key %4', name, username, time, keyId.slice(0, 16))}
    >
      <span className="voxcord-Signature-name">✓ {name}</span>
      {' · '}
      <time dateTime={time}>{instantText(time)}</time>
      {' · '}
      {meaningWord(meaning, trans)}
    </span>
  );
}
