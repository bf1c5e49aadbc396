import Type, { type Static } from 'typebox';
import { Colour } from './values.js';

/** A code from a clinical terminology, as in DICOM SEG. */
export const Code = Type.Object(
  {
    scheme: Type.String({ minLength: 1, maxLength: 16, description: 'Coding scheme designator: SCT, RADLEX, ...' }),
    value: Type.String({ minLength: 1, maxLength: 64 }),
    meaning: Type.String({ minLength: 1, maxLength: 200 })
  },
  { title: 'Code', additionalProperties: false }
);
export type Code = Static<typeof Code>;

/** Number of a segment in the label map; 0 is background. */
export const SegmentNumber = Type.Integer({ minimum: 1, maximum: 255 });

export const Segment = Type.Object(
  {
    number: SegmentNumber,
    name: Type.String({ minLength: 1, maxLength: 64 }),
    colour: Colour,
    codes: Type.Array(Code, { maxItems: 8 }),
    retired: Type.Boolean({ description: 'Hidden from the list; its voxels stay' })
  },
  { title: 'Segment', additionalProperties: false }
);
export type Segment = Static<typeof Segment>;

/** Number left out: the lowest free one. */
export const NewSegment = Type.Object(
  {
    number: Type.Optional(SegmentNumber),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    colour: Type.Optional(Colour),
    codes: Type.Optional(Type.Array(Code, { maxItems: 8 }))
  },
  { title: 'NewSegment', additionalProperties: false }
);
export type NewSegment = Static<typeof NewSegment>;

/** A change of number is accepted only while nothing is painted with the old one. */
export const SegmentChange = Type.Object(
  {
    number: Type.Optional(SegmentNumber),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    colour: Type.Optional(Colour),
    codes: Type.Optional(Type.Array(Code, { maxItems: 8 })),
    retired: Type.Optional(Type.Boolean())
  },
  { title: 'SegmentChange', additionalProperties: false, minProperties: 1 }
);
export type SegmentChange = Static<typeof SegmentChange>;
