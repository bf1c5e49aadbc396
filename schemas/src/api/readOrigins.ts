import Type, { type Static } from 'typebox';
import { Timestamp } from '../files/truthValues.js';
import { ModelIdentity } from './models.js';
import { Person } from './people.js';
import { SegmentNumber } from './segments.js';
import { Id, Sha256 } from './values.js';

/** A segment of a model's read and the segment that it was painted as. */
export const CopiedSegment = Type.Object({ from: SegmentNumber, to: SegmentNumber }, { additionalProperties: false });
export type CopiedSegment = Static<typeof CopiedSegment>;

/** Labels of a model, painted into the read. It stands for good: an undo takes the paint back, not what was seen. */
const CopiedOrigin = Type.Object(
  {
    kind: Type.Literal('copied'),
    model: ModelIdentity,
    segments: Type.Array(CopiedSegment, { minItems: 1 }),
    read: Type.Object(
      { id: Id, revision: Type.Union([Sha256, Type.Null()], { description: 'Null: it had none, outside a protocol' }) },
      { additionalProperties: false, description: 'Of the model. Who sees this origin may not see that read' }
    ),
    at: Timestamp,
    by: Person
  },
  { additionalProperties: false }
);

/** A model has answered somebody's clicks, accepted or not; told once, with the first answer. */
const ProposedOrigin = Type.Object(
  { kind: Type.Literal('proposed'), model: ModelIdentity, at: Timestamp, by: Person },
  { additionalProperties: false }
);

/** Something that is known by its name alone. */
const OtherOrigin = Type.Object(
  { kind: Type.Literal('other'), name: Type.String({ minLength: 1, maxLength: 255 }) },
  { additionalProperties: false }
);

/** What a read owes to something else than its reader. */
export const ReadOrigin = Type.Union([CopiedOrigin, ProposedOrigin, OtherOrigin], { title: 'ReadOrigin' });
export type ReadOrigin = Static<typeof ReadOrigin>;
