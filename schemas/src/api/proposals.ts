import Type, { type Static } from 'typebox';
import { Version } from '../files/truthValues.js';
import { ModelName } from '../models/modelFile.js';
import { Sha256 } from './values.js';

const Finite = Type.Number({ minimum: -100_000, maximum: 100_000 });

/** A place on the thing that is meant, or beside it; world mm, RAS+. A scribble is many of them. */
export const PromptPlace = Type.Object(
  { world: Type.Tuple([Finite, Finite, Finite]), on: Type.Boolean() },
  { title: 'PromptPlace', additionalProperties: false }
);
export type PromptPlace = Static<typeof PromptPlace>;

/** What looks for the thing: a method that needs no weights, or a promptable model. */
export const ProposalMethod = Type.Union(
  [
    Type.Object({ kind: Type.Literal('geodesic') }, { additionalProperties: false }),
    Type.Object({ kind: Type.Literal('model'), name: ModelName, version: Version }, { additionalProperties: false })
  ],
  { title: 'ProposalMethod' }
);
export type ProposalMethod = Static<typeof ProposalMethod>;

export const NewProposal = Type.Object(
  {
    volume: Sha256,
    method: ProposalMethod,
    places: Type.Array(PromptPlace, { minItems: 1, maxItems: 4096 })
  },
  { title: 'NewProposal', additionalProperties: false }
);
export type NewProposal = Static<typeof NewProposal>;

/**
 * A thing that was proposed and that nobody has accepted yet: nothing is stored. `runs`: start and length of runs of voxels
 * of the volume's grid, i fastest, ascending.
 */
export const Proposal = Type.Object(
  {
    runs: Type.Array(Type.Integer({ minimum: 0 })),
    voxels: Type.Integer({ minimum: 0 }),
    volumeMl: Type.Number({ minimum: 0 }),
    /** The thing goes on where nobody looked: the crop about the places ends there. */
    isCut: Type.Boolean(),
    milliseconds: Type.Number({ minimum: 0 })
  },
  { title: 'Proposal', additionalProperties: false }
);
export type Proposal = Static<typeof Proposal>;
