import type { TranslationBundle } from '@jupyterlab/translation';
import type { Read } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import type { CaseView } from '../case/caseView.js';
import { type ReadSession, messageOf } from '../client/index.js';
import { millilitres } from '../ui/numbers.js';
import { copyTargets } from './modelReads.js';

interface CopyLabelsProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

/** Takes what the model has labelled, segment by segment, into a read that one paints in. */
export function CopyLabels({ view, trans }: CopyLabelsProps): ReactNode {
  const { case: opened, read, session, me } = view.model;
  if (opened === null || read === null || session === null || me === null || read.purpose !== 'model') return null;
  if (session.labels.counts().every((count, number) => number === 0 || count === 0)) {
    return <p className="voxcord-Hint">{trans.__('The model has labelled nothing here.')}</p>;
  }
  const targets = copyTargets(opened, read, me.username);
  if (targets.length === 0) return null;
  return <CopyForm key={read.id} view={view} from={read} session={session} targets={targets} trans={trans} />;
}

interface CopyFormProps extends CopyLabelsProps {
  readonly from: Read;
  readonly session: ReadSession;
  readonly targets: readonly Read[];
}

function CopyForm({ view, from, session, targets, trans }: CopyFormProps): ReactNode {
  const counts = session.labels.counts();
  const labelled = session.segments.filter(({ number }) => (counts[number] ?? 0) > 0);
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [targetId, setTarget] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const target = targets.find(({ id }) => id === targetId) ?? targets[0];
  const chosen = labelled.filter(({ number }) => !left.has(number));
  if (target === undefined) return null;
  const copy = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const { api } = view.reading.service;
      await api.call('copyIntoRead', {
        params: { readId: target.id },
        body: { from: from.id, segments: chosen.map(({ number }) => number) }
      });
      await view.model.joinById(target.id);
      view.viewer.tell(trans.__('Copied from %1. Z takes it back.', from.reader.displayName));
      view.activate();
    } catch (reason) {
      setProblem(messageOf(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="voxcord-CopyForm"
      onSubmit={event => {
        event.preventDefault();
        if (chosen.length > 0 && !isBusy) void copy();
      }}
    >
      <fieldset>
        <legend className="voxcord-Label">{trans.__('Copy into a read of mine')}</legend>
        {labelled.map(({ number, name, colour }) => (
          <label key={number} className="voxcord-CopyForm-segment">
            <input
              type="checkbox"
              className="voxcord-Check"
              checked={!left.has(number)}
              onChange={event => {
                const now = new Set(left);
                if (event.target.checked) now.delete(number);
                else now.add(number);
                setLeft(now);
              }}
            />
            <span className="voxcord-Swatch" style={{ backgroundColor: colour }} />
            <span className="voxcord-Row-name">{name}</span>
            <span className="voxcord-Row-value">
              {trans.__('%1 ml', millilitres(counts[number] ?? 0, session.volume.spacing))}
            </span>
          </label>
        ))}
      </fieldset>
      {targets.length > 1 && (
        <select
          className="voxcord-Select"
          aria-label={trans.__('The read to copy into')}
          value={target.id}
          onChange={event => setTarget(event.target.value)}
        >
          {targets.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
      <button
        className="voxcord-Button"
        disabled={chosen.length === 0 || isBusy}
        title={trans.__('Paints over what is there, keeps where it came from; Z takes it back')}
      >
        {targets.length > 1 ? trans.__('Copy') : trans.__('Copy into “%1”', target.title)}
      </button>
      {problem !== null && (
        <p className="voxcord-Problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
