import Type, { type Static } from 'typebox';
import { Id, Title } from './values.js';

/** Kind of image of a case: CT, MR. */
export const MODALITY = 'modality';
/** Size bin of the largest lesion that the truth of a case holds. */
export const LARGEST_LESION = 'largest lesion';

const MEASURED: readonly string[] = [MODALITY, LARGEST_LESION];

/** Figures over cases are parted by it anyhow: nobody sets it. Whatever width or case its letters have. */
export function isMeasuredStratum(name: string): boolean {
  return MEASURED.includes(name.normalize('NFKC').toLowerCase());
}

/** Characters that do not show, but part what looks alike, and those that end a line; joiners belong to some scripts. */
const UNSEEN = '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';

function oneLine(first: string, longest: number): string {
  return `^[^\\s${first}${UNSEEN}]([^${UNSEEN}]{0,${longest - 2}}[^\\s${UNSEEN}])?$`;
}

/** Something that cases differ in, such as `phase`. As a key of a record all that is checked of it is its pattern. */
export const StratumName = Type.String({
  pattern: oneLine('_', 64),
  description: 'One line of at most 64 characters; no space at its ends, no underscore at its start'
});

/** What a case has of it, such as `arterial`. */
export const StratumValue = Type.String({
  pattern: oneLine('', 128),
  description: 'One line of at most 128 characters; no space at its ends'
});

export const CaseStrata = Type.Object(
  { caseId: Id, title: Title, strata: Type.Record(StratumName, StratumValue) },
  { title: 'CaseStrata', additionalProperties: false }
);
export type CaseStrata = Static<typeof CaseStrata>;

/** Sets what it names, and takes away what it sets to null; the rest stays. */
export const StrataChange = Type.Record(StratumName, Type.Union([StratumValue, Type.Null()]), {
  title: 'StrataChange',
  minProperties: 1,
  maxProperties: 32,
  additionalProperties: false
});
export type StrataChange = Static<typeof StrataChange>;

/** Changes of several cases, by their ids. */
export const StrataChanges = Type.Record(Id, StrataChange, {
  title: 'StrataChanges',
  minProperties: 1,
  maxProperties: 10_000,
  additionalProperties: false
});
export type StrataChanges = Static<typeof StrataChanges>;
