import type { TranslationBundle } from '@jupyterlab/translation';
import type { ConsensusResult } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import { ModelMark } from '../ui/modelMark.js';
import { share } from './agreementMatrix.js';
import type { ReviewModel } from './reviewModel.js';
import { ReaderLine } from './reviewToolbar.js';

interface ReadersProps {
  readonly review: ReviewModel;
  readonly result: ConsensusResult;
  readonly trans: TranslationBundle;
}

/** Who read, and how well each agrees with the consensus about the segment in question. */
export function ReadersTable({ review, result, trans }: ReadersProps): ReactNode {
  const performance = result.segments.find(({ number }) => number === review.segment)?.performance ?? [];
  const isKnown = performance.some(({ sensitivity }) => sensitivity !== null);
  return (
    <Section
      title={trans.__('Readers')}
      aside={isKnown ? trans.__('sensitivity · specificity') : trans.__('not estimated by this method')}
    >
      <table className="voxcord-Table" aria-label={trans.__('Readers')}>
        <thead className="voxcord-mod-unseen">
          <tr>
            <th scope="col">{trans.__('Reader')}</th>
            <th scope="col">{trans.__('Sensitivity')}</th>
            <th scope="col">{trans.__('Specificity')}</th>
          </tr>
        </thead>
        <tbody>
          {result.readers.map(({ letter, reader, kind, weight, readSegments }) => {
            const figures = performance.find(one => one.letter === letter);
            const hasRead = readSegments === null || review.segment === null || readSegments.includes(review.segment);
            return (
              <tr key={letter} data-reader={letter}>
                <th scope="row" title={reader.displayName}>
                  <ReaderLine letter={letter} /> <b>{letter}</b> {kind === 'model' && <ModelMark trans={trans} />}
                  {reader.displayName}
                  {(kind === 'model' || weight < 1) && (
                    <span className="voxcord-Chip">
                      {kind === 'model' ? trans.__('model, weight %1', weight) : trans.__('weight %1', weight)}
                    </span>
                  )}
                  {!hasRead && (
                    <span
                      className="voxcord-Chip"
                      title={trans.__(
                        'Has not looked for this segment, and is left out of it: not read is not background'
                      )}
                    >
                      {trans.__('not read')}
                    </span>
                  )}
                </th>
                <td>{isKnown ? share(figures?.sensitivity ?? null, 3) : ''}</td>
                <td>{isKnown ? share(figures?.specificity ?? null, 4) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
