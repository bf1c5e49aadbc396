import type { TranslationBundle } from '@jupyterlab/translation';
import type { Release } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';

interface ReleaseSubjectProps {
  readonly release: Release;
  readonly trans: TranslationBundle;
}

/** What is signed with a release, in a few lines. */
export function ReleaseSubject({ release, trans }: ReleaseSubjectProps): ReactNode {
  const { cases, version, manifest, signatures, signaturesNeeded } = release;
  return (
    <>
      <p>
        {trans._n(
          'Release %2 with one case: its ground truth, who made it and how.',
          'Release %2 with %1 cases: their ground truth, who made it and how.',
          cases.length,
          version
        )}
      </p>
      <ul>
        {cases.slice(0, 8).map(({ caseId, title }) => (
          <li key={caseId}>{title}</li>
        ))}
        {cases.length > 8 && <li>{trans.__('and %1 more', cases.length - 8)}</li>}
      </ul>
      {manifest !== null && (
        <p className="voxcord-Row-detail">
          {trans.__('Manifest')} <code>{manifest.slice(0, 16)}…</code>
        </p>
      )}
      <p className="voxcord-Row-detail">{trans.__('Signature %1 of %2.', signatures.length + 1, signaturesNeeded)}</p>
    </>
  );
}
