import type { TranslationBundle } from '@jupyterlab/translation';
import type { Choice, Dispute } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import { instantText } from '../ui/dates.js';
import { KeyCap } from '../ui/keyCap.js';
import { threeDigits } from '../ui/numbers.js';
import { share } from './agreementMatrix.js';
import { TRUTH_COLOUR } from './readerLooks.js';
import type { ReviewModel } from './reviewModel.js';
import { choiceName, disputeName } from './reviewTexts.js';
import { ReaderLine } from './reviewToolbar.js';
import type { ReviewView } from './reviewView.js';

interface DisputeProps {
  readonly view: ReviewView;
  readonly review: ReviewModel;
  readonly trans: TranslationBundle;
}

/** The dispute in question: what each reader and the consensus have, and who is right. */
export function DisputeSection({ view, review, trans }: DisputeProps): ReactNode {
  const { dispute } = review;
  if (dispute === null) {
    return (
      <Section title={trans.__('Dispute')}>
        <p className="voxcord-Hint">
          {trans.__('Press')} <KeyCap of="J" /> {trans.__('for the first dispute, or choose one from the list.')}
        </p>
      </Section>
    );
  }
  const whyNot = view.whyNotDecide;
  const isStopped = whyNot !== null || view.adjudication?.isBusy === true;
  const accept = (choice: Choice): void => void view.decide(choice);
  const names = segmentNames(review, dispute, trans);
  const seenBy = dispute.candidates.filter(({ present }) => present === true).length;
  const asking = dispute.candidates.filter(({ present }) => present !== null).length;
  return (
    <Section
      title={trans.__('Dispute %1', dispute.number)}
      aside={trans.__('%1 ml · %2 of %3 saw it', threeDigits(dispute.volumeMl), seenBy, asking)}
    >
      <p className="voxcord-Hint" data-dispute={dispute.number}>
        {dispute.lesion !== null && <>{names} · </>}
        {disputeName(dispute, names, trans)}
        <br />
        {trans.__('Severity %1', share(dispute.severity, 2))} ·{' '}
        <span title={trans.__('Mean probability of the segment in this place, by the method of the consensus')}>
          {trans.__('probability %1', share(dispute.consensus.probability, 2))}
        </span>
      </p>
      <ul className="voxcord-Rows">
        {dispute.candidates.map(({ letter, present, volumeMl }) => (
          <Candidate
            key={letter}
            letter={letter}
            name={trans.__('Reader %1', letter)}
            detail={
              present === null
                ? trans.__('not asked')
                : present
                  ? trans.__('%1 ml', threeDigits(volumeMl))
                  : trans.__('absent')
            }
            sample={<ReaderLine letter={letter} />}
            isChosen={isChoice(dispute, { kind: 'reader', letter })}
            isStopped={isStopped || present === null}
            whyNot={whyNot}
            onAccept={() => accept({ kind: 'reader', letter })}
            trans={trans}
          />
        ))}
        <Candidate
          letter="V"
          name={trans.__('Consensus')}
          detail={trans.__('%1 ml', threeDigits(dispute.consensus.volumeMl))}
          sample={<span className="voxcord-Swatch" style={{ backgroundColor: TRUTH_COLOUR }} />}
          isChosen={isChoice(dispute, { kind: 'consensus' })}
          isStopped={isStopped}
          whyNot={whyNot}
          isProposed
          onAccept={() => accept({ kind: 'consensus' })}
          trans={trans}
        />
      </ul>
      <div className="voxcord-Actions">
        <button
          className={`voxcord-Button${view.painting === null ? '' : ' voxcord-mod-primary'}`}
          data-act="paint"
          disabled={isStopped}
          onClick={() => void view.paintMyself()}
        >
          <KeyCap of="E" /> {view.painting === null ? trans.__('Paint it myself') : trans.__('Keep what I painted')}
        </button>
        <button
          className="voxcord-Button"
          data-act="leave"
          disabled={isStopped}
          onClick={() => accept({ kind: 'open' })}
        >
          <KeyCap of="L" /> {trans.__('Leave open')}
        </button>
      </div>
      <label className="voxcord-Why">
        <span className="voxcord-Label">{trans.__('Why (kept with the decision)')}</span>
        <textarea
          rows={3}
          maxLength={2000}
          value={review.reason(dispute)}
          disabled={whyNot !== null}
          onChange={event => review.writeReason(dispute, event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') view.activate();
          }}
        />
      </label>
      {whyNot !== null && <p className="voxcord-Hint">{whyNot}</p>}
      {dispute.decision !== null && (
        <p className="voxcord-Hint" data-decision={dispute.decision.choice.kind}>
          {trans.__(
            '%1 decided %2: %3.',
            dispute.decision.by.displayName,
            instantText(dispute.decision.at),
            choiceName(dispute.decision.choice, trans)
          )}
        </p>
      )}
    </Section>
  );
}

interface CandidateProps {
  readonly letter: string;
  readonly name: string;
  readonly detail: string;
  readonly sample: ReactNode;
  readonly isChosen: boolean;
  readonly isStopped: boolean;
  readonly whyNot: string | null;
  /** What the service proposes. */
  readonly isProposed?: boolean;
  readonly onAccept: () => void;
  readonly trans: TranslationBundle;
}

function Candidate(props: CandidateProps): ReactNode {
  const { letter, name, detail, sample, isChosen, isStopped, whyNot, isProposed, onAccept, trans } = props;
  return (
    <li
      className={`voxcord-Row voxcord-Candidate${isChosen ? ' voxcord-mod-current' : ''}`}
      data-candidate={letter}
      title={`${name} · ${detail}`}
    >
      <span className="voxcord-Row-main voxcord-mod-still">
        <KeyCap of={letter} />
        {sample}
        <span className="voxcord-Row-name">{name}</span>
        <span className="voxcord-Row-value">{detail}</span>
      </span>
      <button
        className={`voxcord-Button${isProposed === true && !isChosen ? ' voxcord-mod-primary' : ''}`}
        disabled={isStopped}
        aria-pressed={isChosen}
        aria-label={trans.__('Accept %1', name)}
        title={whyNot ?? trans.__('Accept %1 and go on (%2)', name, letter)}
        onClick={onAccept}
      >
        {isChosen ? trans.__('Accepted') : trans.__('Accept')}
      </button>
    </li>
  );
}

function isChoice({ decision }: Dispute, choice: Choice): boolean {
  if (decision === null || decision.choice.kind !== choice.kind) return false;
  return decision.choice.kind !== 'reader' || choice.kind !== 'reader' || decision.choice.letter === choice.letter;
}

function segmentNames(review: ReviewModel, { segments }: Dispute, trans: TranslationBundle): string {
  return segments.map(number => review.segmentOf(number)?.name ?? trans.__('segment %1', number)).join(', ');
}
