import type { TranslationBundle } from '@jupyterlab/translation';
import type { Case, Project, ProtocolContent, Read } from '@voxcord/schemas/api';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Section } from '../panels/section.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { ModelMark } from '../ui/modelMark.js';
import { IconButton } from '../ui/iconButton.js';
import { removeIcon } from '../ui/icons.js';
import { dueText, endOfDay, isOverdue, protocolFlag, stateText } from './readTexts.js';
import type { StudyReads } from './studyReads.js';

export interface ReadsTabProps {
  readonly model: StudyReads;
  readonly project: Project;
  /** What the protocol says of readers; null: there is no protocol in force. */
  readonly rules: ProtocolContent['readers'] | null;
  /** The case that one came for. */
  readonly caseId: string | null;
  readonly onOpenCase: (caseId: string) => void;
  readonly trans: TranslationBundle;
  /** Does something that may fail, and shows what went wrong. */
  readonly run: (action: () => Promise<void>) => void;
}

/** Who reads which case, and how far they are. */
export function ReadsTab(props: ReadsTabProps): ReactNode {
  const { model, project, rules, trans } = props;
  if (model.error !== null) {
    return <LoadFailed error={model.error} onRetry={() => void model.load()} trans={trans} isPage />;
  }
  if (model.cases === null) return <p className="voxcord-Spinner">{trans.__('Loading cases…')}</p>;
  return (
    <div className="voxcord-Study-page">
      {rules === null && (
        <div className="voxcord-Notice" role="status">
          <span className="voxcord-Notice-text">
            {trans.__('Cases can be given to readers when the protocol is locked: it says what they read.')}
          </span>
        </div>
      )}
      {model.cases.length === 0 && (
        <div className="voxcord-Empty voxcord-mod-page">
          <p>
            {trans.__(
              'No case has been started in %1. Start one from a volume on the Voxcord page; then give it to readers here.',
              project.title
            )}
          </p>
        </div>
      )}
      {model.cases.map(listed => (
        <CaseReads key={listed.id} {...props} listed={listed} />
      ))}
    </div>
  );
}

interface CaseReadsProps extends ReadsTabProps {
  readonly listed: Case;
}

function CaseReads(props: CaseReadsProps): ReactNode {
  const { listed, caseId, project, rules, onOpenCase, trans } = props;
  const place = useRef<HTMLDivElement>(null);
  const isWanted = listed.id === caseId;
  useEffect(() => {
    if (isWanted) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isWanted]);
  const reads = listed.reads.filter(({ purpose }) => purpose === 'reading');
  const byModels = listed.reads.filter(({ purpose }) => purpose === 'model');
  const firsts = reads.filter(({ repeat }) => !repeat);
  const submitted = firsts.filter(({ state }) => state === 'submitted').length;
  const mayAssign = project.myRole === 'manager' && rules !== null;
  return (
    <div ref={place} data-case-reads={listed.id}>
      <Section
        title={listed.title}
        aside={
          <>
            {rules !== null && (
              <span className="voxcord-Row-detail">{trans.__('%1 of %2 submitted', submitted, rules.perCase)} </span>
            )}
            <button className="voxcord-Button" onClick={() => onOpenCase(listed.id)}>
              {trans.__('Open')}
            </button>
          </>
        }
      >
        {reads.length === 0 ? (
          <p className="voxcord-Hint">{trans.__('Nobody has been given this case yet.')}</p>
        ) : (
          <table className="voxcord-Roster">
            <thead>
              <tr>
                <th scope="col">{trans.__('Reader')}</th>
                <th scope="col">{trans.__('State')}</th>
                <th scope="col">{trans.__('Due')}</th>
                <th aria-label={trans.__('Actions')} />
              </tr>
            </thead>
            <tbody>
              {reads.map(read => (
                <ReadRow key={read.id} {...props} read={read} />
              ))}
            </tbody>
          </table>
        )}
        {byModels.length > 0 && (
          <p className="voxcord-Hint" data-model-reads={byModels.length}>
            <ModelMark trans={trans} />
            {trans.__('Labelled by %1', byModels.map(({ reader }) => reader.displayName).join(', '))}
          </p>
        )}
        {mayAssign && <Assign {...props} reads={reads} />}
      </Section>
    </div>
  );
}

interface ReadRowProps extends CaseReadsProps {
  readonly read: Read;
}

function ReadRow({ read, model, project, trans, run }: ReadRowProps): ReactNode {
  const { reader, state, repeat, access } = read;
  const flag = protocolFlag(read, project.protocol?.version ?? null, trans);
  return (
    <tr data-read={read.id} data-state={state}>
      <th scope="row">
        {access === 'shared' ? read.title : reader.displayName}
        {repeat && <span className="voxcord-Pill">{trans.__('repeat')}</span>}
      </th>
      <td>
        {stateText(read, trans)}
        {flag !== null && <span className="voxcord-Pill voxcord-mod-warning">{flag}</span>}
      </td>
      <td className={isOverdue(read) ? 'voxcord-mod-overdue' : ''}>{dueText(read, trans) ?? '–'}</td>
      <td>
        {state === 'assigned' && project.myRole === 'manager' && (
          <IconButton
            icon={removeIcon}
            label={trans.__('Take the case back from %1', reader.displayName)}
            onClick={() => run(() => model.withdraw(read.id))}
          />
        )}
      </td>
    </tr>
  );
}

interface AssignProps extends CaseReadsProps {
  readonly reads: readonly Read[];
}

/** Gives the case to readers; a second time only as a repeat, to those who have submitted. */
function Assign({ listed, reads, model, rules, trans, run }: AssignProps): ReactNode {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [due, setDue] = useState('');
  const [isRepeat, setRepeat] = useState(false);
  const readBy = (username: string): Read | undefined =>
    reads.find(({ reader, access }) => reader.username === username && access !== 'shared');
  const candidates = model.readers.filter(({ username }) =>
    isRepeat ? readBy(username)?.state === 'submitted' : readBy(username) === undefined
  );
  const mayRepeat = (rules?.repeat ?? null) !== null && reads.some(({ state }) => state === 'submitted');
  const readers = chosen.filter(username => candidates.some(candidate => candidate.username === username));
  const missing = Math.max(0, (rules?.perCase ?? 0) - reads.filter(({ repeat }) => !repeat).length);
  return (
    <div className="voxcord-Assign">
      <fieldset className="voxcord-Form-line">
        <legend>
          {isRepeat
            ? trans.__('Have it read again by')
            : missing === 0
              ? trans.__('Give it to more readers')
              : trans._n('Give it to %1 more reader', 'Give it to %1 more readers', missing)}
        </legend>
        {candidates.length === 0 && (
          <span className="voxcord-Row-detail">{trans.__('Nobody is left. Add people on the People tab.')}</span>
        )}
        {candidates.map(({ username, displayName }) => (
          <label key={username}>
            <input
              type="checkbox"
              className="voxcord-Check"
              checked={readers.includes(username)}
              onChange={event =>
                setChosen(event.target.checked ? [...readers, username] : readers.filter(other => other !== username))
              }
            />
            {displayName}
          </label>
        ))}
      </fieldset>
      <div className="voxcord-Form-line">
        <label className="voxcord-Label">
          {trans.__('Due')}{' '}
          <input
            type="date"
            className="voxcord-Field voxcord-mod-date"
            value={due}
            onChange={event => setDue(event.target.value)}
          />
        </label>
        {mayRepeat && (
          <label>
            <input
              type="checkbox"
              className="voxcord-Check"
              checked={isRepeat}
              onChange={event => setRepeat(event.target.checked)}
            />
            {trans.__('As a repeat')}
          </label>
        )}
        <button
          className="voxcord-Button"
          disabled={readers.length === 0}
          onClick={() =>
            run(async () => {
              await model.assign(listed.id, { readers: [...readers], due: endOfDay(due), repeat: isRepeat });
              setChosen([]);
            })
          }
        >
          {trans.__('Assign')}
        </button>
      </div>
    </div>
  );
}
