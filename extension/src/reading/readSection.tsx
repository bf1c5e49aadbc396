import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { type ReactNode, useState } from 'react';
import type { CaseView } from '../case/caseView.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { SignatureLine } from '../signing/index.js';
import { ComparisonTable } from './comparisonTable.js';
import { ReadOrigins } from './readOrigins.js';
import { dueText, isOverdue, protocolFlag, stateText } from './readTexts.js';

export interface ReadSectionProps {
  readonly view: CaseView;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/**
 * The read that is open. Under a protocol: how far it is, its revisions with their signatures. Under none: only what comes
 * from models.
 */
export function ReadSection(props: ReadSectionProps): ReactNode {
  const { view, trans } = props;
  const { model, reading } = view;
  const { read } = model;
  // The part about models tells of what a model has labelled.
  if (view.kind !== 'case' || read === null || read.purpose === 'model') return null;
  if (read.protocolVersion === null && read.revisions === 0) {
    if (reading.origins.length === 0) return null;
    return (
      <Section title={trans.__('This read')}>
        <ReadOrigins view={view} trans={trans} />
      </Section>
    );
  }
  const due = dueText(read, trans);
  const flag = protocolFlag(read, reading.project?.protocol?.version ?? null, trans);
  return (
    <Section title={reading.isOwn ? trans.__('My read') : trans.__('This read')} aside={stateText(read, trans)}>
      {read.access === 'blind' && (
        <p className="voxcord-Hint">
          {reading.isOwn
            ? trans.__('Blind read: you see nobody, nobody sees you.')
            : trans.__('Blind read of %1.', read.reader.displayName)}
        </p>
      )}
      {due !== null && <p className={`voxcord-Hint${isOverdue(read) ? ' voxcord-mod-overdue' : ''}`}>{due}</p>}
      {flag !== null && (
        <p className="voxcord-Hint">
          <span className="voxcord-Pill voxcord-mod-warning">{flag}</span>
        </p>
      )}
      <ReadOrigins view={view} trans={trans} />
      <Revisions {...props} />
      {reading.problem !== null && (
        <p className="voxcord-Problem voxcord-Hint" role="alert">
          {reading.problem}
        </p>
      )}
      {reading.mayReopen && <Reopen key={read.id} {...props} />}
    </Section>
  );
}

function Revisions({ view, trans }: ReadSectionProps): ReactNode {
  const { reading } = view;
  const { revisions, comparison } = reading;
  return (
    <>
      <ul className="voxcord-Revisions">
        {revisions.map((revision, index) => {
          const { hash, number, reason, remark, notRead, signature } = revision;
          const unread = notRead.map(segment => reading.segment(segment)?.name ?? trans.__('segment %1', segment));
          const before = revisions[index - 1];
          const isCompared = comparison?.after === revision;
          return (
            <li key={hash} data-revision={number}>
              <div className="voxcord-Form-line">
                <strong>{trans.__('Revision %1', number)}</strong>
                {before !== undefined && (
                  <button
                    className={`voxcord-Button${isCompared ? ' voxcord-mod-pressed' : ''}`}
                    aria-pressed={isCompared}
                    title={trans.__('What has changed since revision %1', before.number)}
                    onClick={() => (isCompared ? reading.endComparison() : void reading.compare(before, revision))}
                  >
                    {trans.__('Compare')}
                  </button>
                )}
              </div>
              {signature !== null && <SignatureLine signature={signature} trans={trans} />}
              {reason !== null && <div className="voxcord-Row-detail">{trans.__('Reopened because: %1', reason)}</div>}
              {unread.length > 0 && (
                <div className="voxcord-Row-detail" data-not-read={notRead.join(' ')}>
                  {trans.__('Not read: %1', unread.join(', '))}
                </div>
              )}
              {remark !== '' && <div className="voxcord-Row-detail">{remark}</div>}
              {isCompared && <ComparisonTable view={view} comparison={comparison} trans={trans} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** A submitted read opens again only with a reason, which is kept with the next revision. */
function Reopen({ view, trans }: ReadSectionProps): ReactNode {
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const { reading } = view;
  if (!isAsking) {
    return (
      <div className="voxcord-Actions">
        <button
          className="voxcord-Button"
          title={trans.__('To change what is painted, for the next revision; this one stays as it is')}
          onClick={() => setAsking(true)}
        >
          {trans.__('Reopen…')}
        </button>
      </div>
    );
  }
  const isGiven = reason.trim() !== '';
  return (
    <form
      className="voxcord-Editor"
      onSubmit={event => {
        event.preventDefault();
        if (isGiven && !reading.isBusy) void reading.reopen(reason.trim());
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') setAsking(false);
      }}
    >
      <label className="voxcord-Form-cell">
        {trans.__('Why is it reopened?')}
        <input
          className="voxcord-Field"
          value={reason}
          maxLength={2000}
          autoFocus
          onChange={event => setReason(event.target.value)}
        />
      </label>
      <span className="voxcord-Editor-line">
        <button className="voxcord-Button voxcord-mod-primary" disabled={!isGiven || reading.isBusy}>
          {trans.__('Reopen')}
        </button>
        <button type="button" className="voxcord-Button" onClick={() => setAsking(false)}>
          {trans.__('Cancel')}
        </button>
      </span>
    </form>
  );
}

/** At the foot of the panel: what comes after painting. */
export function SubmitButton({ view, commands, trans }: ReadSectionProps): ReactNode {
  const { model, reading } = view;
  if (!reading.mayOfferSubmission) return null;
  const isSaved = model.saveState?.kind === 'saved';
  return (
    <button
      className="voxcord-Button voxcord-mod-primary"
      disabled={!isSaved}
      title={
        isSaved
          ? trans.__('Sign the read and hand it in')
          : trans.__('Wait until everything is saved: what is signed must be on the server')
      }
      onClick={() => void commands.execute(CommandIDs.submitRead)}
    >
      {trans.__('Submit read…')}
    </button>
  );
}

/** What the protocol says of the segment that is painted with. */
export function Instructions({
  view,
  trans
}: {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}): ReactNode {
  const segment = view.reading.segment(view.segment);
  if (segment === null || segment.instructions === '') return null;
  return (
    <p className="voxcord-Hint voxcord-Instructions" aria-label={trans.__('Instructions for %1', segment.name)}>
      <strong>{segment.name}</strong> {segment.instructions}
    </p>
  );
}
