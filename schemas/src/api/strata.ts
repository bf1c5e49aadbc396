import Type, { type Static } from 'typebox';
import { Id, Title } from './values.js';

/** Names of properties that figures over cases are parted by already: nobody sets them. */
export const MEASURED_STRATA: readonly string[] = ['modality', 'largest lesion'];

/** Something that cases differ in, such as `phase`. As a key of a record all that is checked of it is its pattern. */
export const StratumName = Type.String({
  pattern: '^[^\\s_\\u0000-\\u001f]([^\\u0000-\\u001f]{0,62}[^\\s\\u0000-\\u001f])?$',
  description: 'One line of at most 64 characters; no space at its ends, no underscore at its start'
});

/** Its value in one case, such as `arterial`. */
export const StratumValue = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\s\\u0000-\\u001f]([^\\u0000-\\u001f]*[^\\s\\u0000-\\u001f])?$',
  description: 'One line; no space at its ends'
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
