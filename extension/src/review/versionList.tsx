import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Release } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { messageOf, referenceOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { dayText } from '../ui/dates.js';
import type { ReviewModel } from './reviewModel.js';
import { versionsOf } from './versions.js';

interface VersionListProps {
  readonly review: ReviewModel;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** Releases of the case and the draft, each to be opened and compared. */
export function VersionList({ review, commands, trans }: VersionListProps): ReactNode {
  const { study, studyError } = review;
  const versions = versionsOf(review, trans);
  const [present] = versions;
  if (study === null) {
    return studyError === null ? null : (
      <Section title={trans.__('Versions')}>
        <p className="voxcord-Empty" role="alert">
          {messageOf(studyError)}
        </p>
      </Section>
    );
  }
  return (
    <Section
      title={trans.__('Versions')}
      aside={
        versions.length > 1 && (
          <button
            className="voxcord-Button voxcord-mod-small"
            onClick={() => {
              const [after, before] = versions;
              if (after !== undefined && before !== undefined) void review.comparison.open(before, after);
            }}
          >
            {trans.__('Compare…')}
          </button>
        )
      }
    >
      {study.releases.length === 0 && (
        <p className="voxcord-Hint">
          {trans.__('No release holds this case yet. What is decided becomes one when it is signed.')}
        </p>
      )}
      <ul className="voxcord-Rows">
        {study.releases.map(release => (
          <li key={release.id} className="voxcord-Row" data-release={release.version}>
            <button
              className="voxcord-Row-main"
              title={trans.__('Open release %1', release.version)}
              onClick={() => void commands.execute(CommandIDs.openRelease, { release: release.id })}
            >
              <span className="voxcord-Row-name">
                <b>{release.version}</b> <StateChip release={release} trans={trans} />
              </span>
              <span className="voxcord-Row-value">{dayText(release.releasedAt ?? release.createdAt)}</span>
            </button>
            {present !== undefined && release.state === 'released' && (
              <button
                className="voxcord-Button"
                title={trans.__('What changed since %1', release.version)}
                onClick={() => {
                  const reference = referenceOf.release(release.id, review.opened.id);
                  const before = versions.find(version => version.reference === reference);
                  // Of what is on show, the first that may differ.
                  const after = versions.find(
                    version =>
                      version.reference !== reference && (version.root === null || version.root !== before?.root)
                  );
                  if (before !== undefined && after !== undefined) void review.comparison.open(before, after);
                }}
              >
                {trans.__('Compare')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function StateChip({
  release: { state, signatures, signaturesNeeded },
  trans
}: {
  readonly release: Release;
  readonly trans: TranslationBundle;
}): ReactNode {
  switch (state) {
    case 'released':
      return (
        <span className="voxcord-Chip voxcord-mod-good">{trans._n('signed', 'signed ×%1', signatures.length)}</span>
      );
    case 'signing':
      return (
        <span className="voxcord-Chip voxcord-mod-open">
          {trans.__('%1 of %2 signatures', signatures.length, signaturesNeeded)}
        </span>
      );
    case 'preparing':
      return <span className="voxcord-Chip">{trans.__('being prepared')}</span>;
    case 'withdrawn':
      return <span className="voxcord-Chip">{trans.__('withdrawn')}</span>;
    case 'failed':
      return <span className="voxcord-Chip voxcord-mod-bad">{trans.__('failed')}</span>;
  }
}
