import type { TranslationBundle } from '@jupyterlab/translation';
import type { ConsensusResult } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { savedText } from '../case/saveTexts.js';
import { askToSign } from '../signing/index.js';
import { decided, progressOf } from './disputeOrder.js';
import { choiceName } from './reviewTexts.js';
import type { ReviewView } from './reviewView.js';
import { tellNews, tellWarning } from '../ui/notices.js';

/**
 * Submits the adjudication with a signature, if there is one to submit. True: the truth of the case is decided, a
 * release may follow.
 */
export async function signAdjudication(view: ReviewView, trans: TranslationBundle): Promise<boolean> {
  const { review, model, reading } = view;
  const result = review?.result ?? null;
  if (review === null || result === null) return false;
  const readId = result.adjudication.read;
  if (readId === null) return !result.adjudication.needed;
  await model.refresh();
  const read = model.case?.reads.find(({ id }) => id === readId);
  if (read === undefined || read.state === 'submitted') return true;
  const { person } = await reading.service.me();
  if (read.reader.username !== person.username) {
    tellNews(
      trans.__(
        '%1 began this adjudication and signs it: nobody else can. It can be released then.',
        read.reader.displayName
      )
    );
    return false;
  }
  const { saveState } = model;
  if (model.read?.id === readId && saveState !== null && saveState.kind !== 'saved') {
    tellWarning(
      trans.__(
        'The adjudication cannot be signed yet: %1. What is signed must be on the server. Try again when it says “Saved”.',
        savedText(saveState, trans)
      )
    );
    return false;
  }
  const revision = await askToSign({
    api: reading.service.api,
    trans,
    person,
    title: trans.__('Sign the adjudication'),
    action: trans.__('Sign the adjudication'),
    meaning: 'review',
    remark: trans.__('Remark'),
    subject: <Decisions result={result} title={model.title} trans={trans} />,
    sign: (signing, remark) => reading.submit(read, signing, remark)
  });
  if (revision === null) return false;
  await reading.rejoin(read);
  await review.loadAdjudicated(readId);
  return true;
}

interface DecisionsProps {
  readonly result: ConsensusResult;
  readonly title: string;
  readonly trans: TranslationBundle;
}

/** What is signed: how many disputes were decided, and how. */
function Decisions({ result, title, trans }: DecisionsProps): ReactNode {
  const { asked } = progressOf(result.disputes);
  const counts = new Map<string, number>();
  for (const dispute of result.disputes) {
    const choice = decided(dispute);
    if (choice === null) continue;
    const name = choiceName(choice, trans);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (
    <>
      <p>{trans._n('The decision of one dispute in %2.', 'The decisions of %1 disputes in %2.', asked, title)}</p>
      <table className="voxcord-Table">
        <tbody>
          {[...counts].map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
