import type { TranslationBundle } from '@jupyterlab/translation';
import type { Change, Difference } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { messageOf } from '../client/index.js';
import { Section } from '../panels/section.js';
import { threeDigits } from '../ui/numbers.js';
import { share } from './agreementMatrix.js';
import type { Version } from './comparison.js';
import type { ReviewModel } from './reviewModel.js';
import { changeText, movementText, signed } from './reviewTexts.js';
import type { ReviewView } from './reviewView.js';
import { versionsOf } from './versions.js';

interface ComparisonProps {
  readonly view: ReviewView;
  readonly review: ReviewModel;
  readonly trans: TranslationBundle;
}

/** What changed between two versions, by segment and by lesion; a row leads to its place. */
export function ComparisonSection({ view, review, trans }: ComparisonProps): ReactNode {
  const { comparison } = review;
  const { phase, before, after } = comparison;
  const versions = versionsOf(review, trans);
  const choose = (label: string, chosen: Version | null, onChoose: (version: Version) => void): ReactNode => (
    <label className="voxcord-Label voxcord-Version">
      <span>{label}</span>
      <select
        className="voxcord-Select"
        value={chosen?.reference ?? ''}
        onChange={event => {
          const version = versions.find(({ reference }) => reference === event.target.value);
          if (version !== undefined) onChoose(version);
        }}
      >
        {versions.map(({ reference, label: name }) => (
          <option key={reference} value={reference}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div className="voxcord-Panel-body">
      <Section
        title={trans.__('Compare')}
        aside={
          <button className="voxcord-Button voxcord-mod-small" onClick={() => comparison.close()}>
            {trans.__('Back')}
          </button>
        }
      >
        <div className="voxcord-Versions">
          {choose(trans.__('From'), before, version => after !== null && void comparison.open(version, after))}
          {choose(trans.__('To'), after, version => before !== null && void comparison.open(before, version))}
        </div>
      </Section>
      {phase.kind === 'loading' && <p className="voxcord-Spinner">{trans.__('Comparing…')}</p>}
      {phase.kind === 'failed' && (
        <p className="voxcord-Empty" role="alert">
          {messageOf(phase.error)}
        </p>
      )}
      {phase.kind === 'shown' && (
        <Changes
          difference={phase.difference}
          review={review}
          onGo={change => view.goTo(change.centre)}
          trans={trans}
        />
      )}
    </div>
  );
}

interface ChangesProps {
  readonly difference: Difference;
  readonly review: ReviewModel;
  readonly onGo: (change: Change) => void;
  readonly trans: TranslationBundle;
}

function Changes({ difference, review, onGo, trans }: ChangesProps): ReactNode {
  if (difference.identical) {
    return <p className="voxcord-Empty">{trans.__('The two are the same, voxel by voxel.')}</p>;
  }
  const name = (number: number): string => review.segmentOf(number)?.name ?? trans.__('Segment %1', number);
  return (
    <>
      <Section title={trans.__('Segments')} aside={trans.__('before → after, ml · Dice')}>
        <table className="voxcord-Table" aria-label={trans.__('Segments')}>
          <tbody>
            {difference.segments.map(({ number, volumeBeforeMl, volumeAfterMl, dice }) => (
              <tr key={number}>
                <th scope="row">{name(number)}</th>
                <td>
                  {threeDigits(volumeBeforeMl)} → {threeDigits(volumeAfterMl)}
                </td>
                <td>{share(dice, 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={trans.__('Changes')} aside={difference.changes.length}>
        <ul className="voxcord-Rows">
          {difference.changes.map((change, n) => (
            <li key={n} className="voxcord-Row" data-change={change.kind}>
              <button
                className="voxcord-Row-main"
                title={trans.__('%1, %2. Go there', name(change.segment), changeText(change, trans))}
                onClick={() => onGo(change)}
              >
                <span className="voxcord-Row-name">
                  {name(change.segment)} <span className="voxcord-Row-detail">{changeText(change, trans)}</span>
                </span>
                <span className="voxcord-Row-detail">{movementText(change.meanMovement, trans)}</span>
                <span className="voxcord-Row-value">
                  {trans.__('%1 ml', signed(change.volumeAfterMl - change.volumeBeforeMl))}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <p className="voxcord-Hint">{trans.__('Movements of the boundary are means in mm, outward positive.')}</p>
      </Section>
    </>
  );
}
