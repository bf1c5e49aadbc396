import {
  AgreementRules,
  ConsensusReader,
  ConsensusResult,
  ConsensusRules,
  Decision,
  Id,
  Instant,
  Person,
  Progress,
  SegmentNumber,
  Sha256,
  Warning
} from '@voxcord/schemas/api';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { reader } from '../../projects/records.js';
import { StoreError } from '../../store/store.js';
import { Untold } from '../untold.js';

/** A draft of a consensus: what it is made of, and where what came of it is kept. */
export const StoredConsensus = Type.Object({
  id: Id,
  caseId: Id,
  projectId: Id,
  number: Type.Integer({ minimum: 1 }),
  protocolVersion: Type.Integer({ minimum: 1 }),
  deviates: Type.Boolean(),
  rules: ConsensusRules,
  agreementRules: AgreementRules,
  readers: Type.Array(ConsensusReader),
  /** Said before anything was computed. */
  warnings: Type.Array(Warning),
  createdBy: Person,
  createdAt: Instant,
  progress: Progress,
  /** How often the computation was begun: one that takes the service down with it is not begun for ever. */
  attempts: Type.Integer({ minimum: 0 }),
  computed: Type.Union([
    Type.Object({
      /** Blob: canonical JSON of a `ComputedConsensus`. */
      result: Sha256,
      labelMapRoot: Sha256,
      /** Fixed label maps, by the hash of their manifest. */
      labelMap: Sha256,
      disagreement: Sha256,
      soft: Type.Array(Type.Object({ number: SegmentNumber, map: Sha256 })),
      needsAdjudication: Type.Boolean()
    }),
    Type.Null()
  ]),
  /** The read in which it is adjudicated. */
  adjudication: Type.Union([Id, Type.Null()]),
  /** How the decisions look in the newest submitted adjudication. */
  outcomes: Type.Union([
    Type.Object({
      revision: Sha256,
      decisions: Type.Array(
        Type.Object({
          dispute: Type.Integer({ minimum: 1 }),
          outcome: Type.Union([Type.Literal('as-decided'), Type.Literal('painted')]),
          differing: Type.Integer({ minimum: 0 })
        })
      )
    }),
    Type.Null()
  ]),
  untold: Untold
});
export type StoredConsensus = Static<typeof StoredConsensus>;

const { readers: _readers, ...computedResult } = ConsensusResult.properties;

/** What a computation answers: kept as one blob, since it can be long. */
export const ComputedConsensus = Type.Object({
  result: Type.Object(computedResult),
  volumes: Type.Array(Type.Object({ letter: Type.String(), number: SegmentNumber, volumeMl: Type.Number() })),
  /** Voxels of each dispute, in order: start, length, start, length ... */
  regions: Type.Array(Type.Array(Type.Integer({ minimum: 0 })))
});
export type ComputedConsensus = Static<typeof ComputedConsensus>;

export const StoredDecision = Type.Object({
  id: Id,
  consensusId: Id,
  projectId: Id,
  decision: Decision,
  untold: Untold
});
export type StoredDecision = Static<typeof StoredDecision>;

export const readConsensus = reader('consensus', StoredConsensus);
export const readDecision = reader('decision', StoredDecision);

const isComputed = Compile(ComputedConsensus);

export function readComputed(bytes: Uint8Array): ComputedConsensus {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (isComputed.Check(value)) return value;
  throw new StoreError('corrupt', 'The result of a consensus is damaged. Restore the data folder from a backup.');
}
