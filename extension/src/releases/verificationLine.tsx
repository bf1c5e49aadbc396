import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { messageOf } from '../client/index.js';
import { instantText } from '../ui/dates.js';
import type { Checking } from './releaseModel.js';

interface VerificationLineProps {
  readonly checking: Checking;
  readonly trans: TranslationBundle;
}

/** What was checked, and what came of it. */
export function VerificationLine({ checking, trans }: VerificationLineProps): ReactNode {
  switch (checking.kind) {
    case 'not':
      return null;
    case 'checking':
      return <p className="voxcord-Spinner">{trans.__('Checking every byte…')}</p>;
    case 'failed':
      return (
        <p className="voxcord-Problem" role="alert">
          {messageOf(checking.error)}
        </p>
      );
    case 'checked': {
      const { valid, checked, problem } = checking.verification;
      const counted = [
        trans._n('%1 file', '%1 files', checked.files),
        trans._n('%1 entry of the audit log', '%1 entries of the audit log', checked.auditEntries),
        trans._n('%1 signature', '%1 signatures', checked.signatures)
      ].join(', ');
      return (
        <p
          className={`voxcord-Callout${valid ? ' voxcord-mod-good' : ' voxcord-mod-bad'}`}
          role={valid ? 'status' : 'alert'}
          data-valid={valid}
        >
          {valid
            ? trans.__('✓ Verified %1. Checked: %2. Everything is as it was signed.', instantText(checking.at), counted)
            : trans.__(
                '✗ Not valid. %1: %2 Do not use this release; ask the people who signed it.',
                problem?.record ?? '',
                problem?.text ?? ''
              )}
        </p>
      );
    }
  }
}
