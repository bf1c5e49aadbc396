import Type, { type Static } from 'typebox';
import { Dims, Sha256 } from './values.js';

/** For each painting session (Yjs client id, decimal), how many of its records are folded in. */
export const Frontier = Type.Record(Type.String({ pattern: '^[0-9]+$' }), Type.Integer({ minimum: 0 }), {
  title: 'Frontier',
  additionalProperties: false
});
export type Frontier = Static<typeof Frontier>;

/** A label map as 64³ bricks, each run-length coded and deflated, content-addressed. */
export const LabelMapSnapshot = Type.Object(
  {
    hash: Sha256,
    dims: Dims,
    frontier: Frontier,
    lamport: Type.Integer({ minimum: 0, description: 'Highest lamport clock folded in' }),
    bricks: Type.Array(
      Type.Object(
        { index: Type.Integer({ minimum: 0 }), sha256: Sha256, bytes: Type.Integer({ minimum: 1 }) },
        { additionalProperties: false }
      ),
      { description: 'Bricks that hold a label, ascending by index; the pack is their bytes in this order' }
    )
  },
  { title: 'LabelMapSnapshot', additionalProperties: false }
);
export type LabelMapSnapshot = Static<typeof LabelMapSnapshot>;

/** What a reader needs to open a read without folding its whole history. */
export const LabelMapHead = Type.Object(
  {
    head: Type.Union([LabelMapSnapshot, Type.Null()]),
    base: Type.Union([LabelMapSnapshot, Type.Null()], {
      description: 'Compacted history: records in its frontier are no longer in the room'
    })
  },
  { title: 'LabelMapHead', additionalProperties: false }
);
export type LabelMapHead = Static<typeof LabelMapHead>;

/** Fingerprints of the server's own fold, for comparison at an equal frontier. */
export const LabelMapFingerprint = Type.Object(
  {
    frontier: Frontier,
    bricks: Type.Record(Type.String({ pattern: '^[0-9]+$' }), Type.String({ pattern: '^[0-9a-f]{16}$' }), {
      additionalProperties: false
    })
  },
  { title: 'LabelMapFingerprint', additionalProperties: false }
);
export type LabelMapFingerprint = Static<typeof LabelMapFingerprint>;
