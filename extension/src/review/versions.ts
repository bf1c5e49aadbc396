import type { TranslationBundle } from '@jupyterlab/translation';
import { referenceOf } from '../client/index.js';
import type { Version } from './comparison.js';
import type { ReviewModel } from './reviewModel.js';

/** Everything of a case that never changes and can be compared; what is on show first. */
export function versionsOf(review: ReviewModel, trans: TranslationBundle): Version[] {
  const caseId = review.opened.id;
  const releases = (review.study?.releases ?? [])
    .filter(({ state }) => state === 'released' || state === 'signing')
    .map(({ id, version, cases }) => ({
      reference: referenceOf.release(id, caseId),
      label: trans.__('release %1', version),
      root: cases.find(one => one.caseId === caseId)?.labelMapRoot ?? null
    }));
  const drafts = review.drafts.all
    .filter(({ progress }) => progress.state === 'done')
    // What is on show is what one asks about.
    .toSorted((a, b) => Number(b.id === review.draft?.id) - Number(a.id === review.draft?.id))
    .map(({ id, number, deviates }) => ({
      reference: referenceOf.consensus(id),
      label: deviates ? trans.__('consensus, draft %1 (what if)', number) : trans.__('consensus, draft %1', number),
      root: id === review.draft?.id ? (review.result?.labelMapRoot ?? null) : null
    }));
  const readers = review.readers.map(({ letter, reader, revision }) => ({
    reference: referenceOf.revision(revision),
    label: trans.__('reader %1, %2', letter, reader.displayName),
    root: null
  }));
  const adjudicated = review.adjudicated.map(({ hash, number, reader, labelMapRoot }) => ({
    reference: referenceOf.revision(hash),
    label: trans.__('adjudication %1, %2', number, reader.displayName),
    root: labelMapRoot
  }));
  return [...adjudicated, ...drafts.slice(0, 1), ...releases, ...drafts.slice(1), ...readers];
}
