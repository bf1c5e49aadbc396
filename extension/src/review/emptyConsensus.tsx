import type { TranslationBundle } from '@jupyterlab/translation';
import type { Case, Consensus, Protocol } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import { LoadFailed } from '../ui/loadFailed.js';
import type { DraftPhase } from './consensusDrafts.js';
import type { ReviewModel } from './reviewModel.js';

interface EmptyProps {
  readonly review: ReviewModel;
  readonly phase: Exclude<DraftPhase, { kind: 'ready' }>;
  readonly trans: TranslationBundle;
}

/** What stands where the consensus will be: who is still reading, what a consensus brings, how far it has come. */
export function NoConsensusYet({ review, phase, trans }: EmptyProps): ReactNode {
  const title = trans.__('Consensus');
  switch (phase.kind) {
    case 'opening':
      return <p className="voxcord-Spinner">{trans.__('Looking for a consensus…')}</p>;
    case 'failed':
      return <LoadFailed error={phase.error} onRetry={() => void review.drafts.open()} trans={trans} />;
    case 'none':
      return <NoReads review={review} trans={trans} />;
    case 'running':
      return (
        <Section title={title} aside={trans.__('draft %1', phase.draft.number)}>
          <div className="voxcord-Empty" role="status">
            <p>{phase.step === '' ? trans.__('Waiting for its turn…') : phase.step}</p>
            <progress className="voxcord-Progress" max={1} value={phase.done} aria-label={trans.__('Computing')} />
            <p className="voxcord-Row-detail">
              {trans.__('It goes on when you leave this page. The reads stay as they are.')}
            </p>
            <button className="voxcord-Button" onClick={() => void review.drafts.cancel()}>
              {trans.__('Cancel')}
            </button>
          </div>
        </Section>
      );
    case 'stopped':
      return (
        <Section title={title} aside={trans.__('draft %1', phase.draft.number)}>
          <div className="voxcord-Empty" role="alert">
            <p>{stoppedText(phase.draft, trans)}</p>
            <button className="voxcord-Button voxcord-mod-primary" onClick={() => void review.drafts.compute()}>
              {trans.__('Compute again')}
            </button>
          </div>
        </Section>
      );
  }
}

function stoppedText({ progress }: Consensus, trans: TranslationBundle): string {
  return progress.state === 'failed' ? progress.detail : trans.__('The computation was cancelled. Nothing is lost.');
}

function NoReads({ review, trans }: { readonly review: ReviewModel; readonly trans: TranslationBundle }): ReactNode {
  const { submitted, waiting } = readsOf(review.opened);
  const protocol = review.study?.protocol ?? null;
  return (
    <>
      <Section title={trans.__('Consensus')}>
        <div className="voxcord-Empty">
          <p>{standing(submitted.length, protocol, trans)}</p>
          {submitted.length === 1 && (
            <p>
              {trans.__(
                'A second reader shows where the boundary is uncertain and which lesions only one of you sees; a third decides between two. Alone, nobody can tell how sure a read is.'
              )}
            </p>
          )}
          {submitted.length > 0 && (
            <button className="voxcord-Button voxcord-mod-primary" onClick={() => void review.drafts.compute()}>
              {trans.__('Compute the consensus')}
            </button>
          )}
        </div>
      </Section>
      {submitted.length + waiting.length > 0 && (
        <Section title={trans.__('Reads')} aside={trans.__('%1 submitted', submitted.length)}>
          <ul className="voxcord-Rows">
            {[...submitted, ...waiting].map(({ id, reader, state }) => (
              <li key={id} className="voxcord-Row">
                <span className="voxcord-Row-main voxcord-mod-still">
                  <span className="voxcord-Row-name">{reader.displayName}</span>
                  <span className={`voxcord-Chip${state === 'submitted' ? ' voxcord-mod-good' : ''}`}>
                    {state === 'submitted'
                      ? trans.__('submitted')
                      : state === 'open'
                        ? trans.__('reading')
                        : trans.__('not begun')}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** Reads that count for a consensus, by whether they are submitted. */
export function readsOf({ reads }: Case): { submitted: Case['reads']; waiting: Case['reads'] } {
  const counting = reads.filter(({ purpose, protocolVersion }) => purpose === 'reading' && protocolVersion !== null);
  return {
    submitted: counting.filter(({ state }) => state === 'submitted'),
    waiting: counting.filter(({ state }) => state !== 'submitted')
  };
}

function standing(submitted: number, protocol: Protocol | null, trans: TranslationBundle): string {
  if (protocol === null) {
    return trans.__(
      'A consensus follows a protocol: who reads, blind or not, and how their reads become one. This project has no locked protocol yet.'
    );
  }
  const missing = protocol.content.readers.perCase - submitted;
  if (submitted === 0) {
    return trans.__(
      'No read of this case is submitted yet. A consensus says where readers agree and where they do not, and how well each of them agrees with all.'
    );
  }
  return missing > 0
    ? trans._n(
        'Waiting for one more read. The protocol asks for %2.',
        'Waiting for %1 more reads. The protocol asks for %2.',
        missing,
        protocol.content.readers.perCase
      )
    : trans.__('All reads are submitted. The consensus can be computed.');
}
