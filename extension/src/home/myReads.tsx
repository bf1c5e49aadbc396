import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { MyRead } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { dueText, isOverdue, stateText } from '../reading/readTexts.js';

export interface MyReadsProps {
  /** Those due first, submitted ones last. */
  readonly reads: readonly MyRead[];
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** What this person has been given to read, and how far it is. */
export function MyReads({ reads, commands, trans }: MyReadsProps): ReactNode {
  const [showsDone, setShowsDone] = useState(false);
  const open = reads.filter(({ read }) => read.state !== 'submitted');
  const done = reads.filter(({ read }) => read.state === 'submitted');
  const shown = showsDone ? [...open, ...done] : open;
  return (
    <Section title={trans.__('My reads')} aside={trans._n('%1 to do', '%1 to do', open.length)}>
      {open.length === 0 && <p className="voxcord-Hint">{trans.__('Everything that you were given is submitted.')}</p>}
      <ul className="voxcord-Rows">
        {shown.map(mine => (
          <MyReadRow key={mine.read.id} mine={mine} commands={commands} trans={trans} />
        ))}
      </ul>
      {done.length > 0 && (
        <div className="voxcord-Actions">
          <button className="voxcord-Button" aria-expanded={showsDone} onClick={() => setShowsDone(!showsDone)}>
            {showsDone
              ? trans.__('Hide submitted reads')
              : trans._n('Show %1 submitted read', 'Show %1 submitted reads', done.length)}
          </button>
        </div>
      )}
    </Section>
  );
}

interface MyReadRowProps {
  readonly mine: MyRead;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

function MyReadRow({ mine, commands, trans }: MyReadRowProps): ReactNode {
  const { read, caseTitle, projectTitle } = mine;
  const due = dueText(read, trans);
  const open = (): void => {
    const command = read.state === 'assigned' ? CommandIDs.beginRead : CommandIDs.openCase;
    void commands.execute(command, { case: read.caseId, read: read.id });
  };
  return (
    <li className="voxcord-Row" data-my-read={read.id} data-state={read.state}>
      <span
        className="voxcord-Row-main voxcord-mod-still voxcord-mod-wrap"
        title={trans.__('%1 of %2, %3', caseTitle, projectTitle, stateText(read, trans))}
      >
        <span className="voxcord-Row-name">
          {caseTitle}
          {read.repeat && <span className="voxcord-Pill">{trans.__('again')}</span>}
          <br />
          <span className={isOverdue(read) ? 'voxcord-mod-overdue' : 'voxcord-Row-detail'}>
            {due ?? stateText(read, trans)}
          </span>
          <span className="voxcord-Row-detail"> · {projectTitle}</span>
        </span>
      </span>
      <button
        className={`voxcord-Button${read.state === 'submitted' ? '' : ' voxcord-mod-primary'}`}
        aria-label={trans.__('%1: %2', actionText(mine, trans), caseTitle)}
        onClick={open}
      >
        {actionText(mine, trans)}
      </button>
    </li>
  );
}

function actionText({ read }: MyRead, trans: TranslationBundle): string {
  switch (read.state) {
    case 'assigned':
      return trans.__('Begin');
    case 'open':
      return trans.__('Continue');
    case 'submitted':
      return trans.__('Look');
  }
}
