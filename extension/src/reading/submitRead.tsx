import type { TranslationBundle } from '@jupyterlab/translation';
import { useState, type ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import type { ReadSession } from '../client/index.js';
import { savedText } from '../case/saveTexts.js';
import { askToSign } from '../signing/index.js';
import { millilitres } from '../ui/numbers.js';
import { countObjects } from './lesionCount.js';
import { tellSuccess, tellWarning } from '../ui/notices.js';

/** Shows what is painted, asks for a signature, and submits the read in front. */
export async function submitRead(view: CaseView, trans: TranslationBundle): Promise<void> {
  const { model, reading } = view;
  const { read, session, saveState } = model;
  if (read === null || session === null || saveState === null || !reading.mayOfferSubmission) return;
  if (saveState.kind !== 'saved') {
    tellWarning(
      trans.__(
        'The read cannot be submitted yet: %1. What is signed must be on the server.',
        savedText(saveState, trans)
      )
    );
    return;
  }
  const { person } = await reading.service.me();
  const notRead = new Set<number>();
  const revision = await askToSign({
    api: reading.service.api,
    trans,
    person,
    title:
      read.revisions === 0
        ? trans.__('Submit this read')
        : trans.__('Submit revision %1 of this read', read.revisions + 1),
    action: trans.__('Sign and submit'),
    meaning: 'authorship',
    remark: trans.__('Remark'),
    subject: <Painted view={view} session={session} notRead={notRead} trans={trans} />,
    sign: (signing, remark) => reading.submit(read, signing, remark, [...notRead])
  });
  if (revision === null) return;
  await reading.rejoin(read);
  tellSuccess(trans.__('Revision %1 of %2 is submitted.', revision.number, model.title));
}

interface PaintedProps {
  readonly view: CaseView;
  readonly session: ReadSession;
  /** Filled in here: the segments that the reader has not looked for. */
  readonly notRead: Set<number>;
  readonly trans: TranslationBundle;
}

/** What is signed: each segment with its volume, and lesions with their number. */
function Painted({ view, session, notRead, trans }: PaintedProps): ReactNode {
  const { model, reading } = view;
  const { labels, volume } = session;
  const voxels = labels.counts();
  const mayLeaveOut = model.read?.purpose === 'reading';
  const lesions = countObjects(
    labels.layer.labelMap.bitmap,
    volume.grid.dims,
    model.segments.map(({ number }) => number).filter(number => reading.segment(number)?.kind === 'lesion')
  );
  return (
    <>
      <p>
        <strong>{model.title}</strong>
        {model.read?.protocolVersion !== null &&
          model.read?.protocolVersion !== undefined &&
          ` · ${trans.__('protocol version %1', model.read.protocolVersion)}`}
      </p>
      <table className="voxcord-Roster" aria-label={trans.__('What is painted')}>
        <tbody>
          {model.segments.map(({ number, name, colour }) => {
            const count = voxels[number] ?? 0;
            return (
              <tr key={number} data-painted={number}>
                <th scope="row">
                  <span className="voxcord-Form-line">
                    <span className="voxcord-Swatch" style={{ backgroundColor: colour }} />
                    {name}
                  </span>
                </th>
                <td className="voxcord-mod-figure">
                  {lesions.has(number) && trans._n('%1 lesion', '%1 lesions', lesions.get(number) ?? 0)}
                </td>
                <td className="voxcord-mod-figure">
                  {count === 0 ? trans.__('nothing painted') : trans.__('%1 ml', millilitres(count, volume.spacing))}
                </td>
                {mayLeaveOut && <td>{count === 0 && <NotRead number={number} notRead={notRead} trans={trans} />}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

interface NotReadProps {
  readonly number: number;
  readonly notRead: Set<number>;
  readonly trans: TranslationBundle;
}

/** Nothing painted means that there is nothing; a reader who has not looked has to say so. */
function NotRead({ number, notRead, trans }: NotReadProps): ReactNode {
  const [isChecked, setChecked] = useState(notRead.has(number));
  const change = (isNow: boolean): void => {
    if (isNow) notRead.add(number);
    else notRead.delete(number);
    setChecked(isNow);
  };
  return (
    <label
      className="voxcord-Form-line"
      title={trans.__('I have not looked for it: consensus and agreement leave my read out of this segment.')}
    >
      <input
        type="checkbox"
        className="voxcord-Check"
        data-not-read={number}
        checked={isChecked}
        onChange={event => change(event.target.checked)}
      />
      {trans.__('not read')}
    </label>
  );
}
