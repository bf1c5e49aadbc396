import type { Consensus, ConsensusResult, Decision, Dispute, LesionConsensus, Person } from '@voxcord/schemas/api';

export const ADA: Person = { username: 'ada', displayName: 'Ada Okafor', initials: 'AO', colour: '#123456' };

export function dispute(number: number, change: Partial<Dispute> = {}): Dispute {
  return {
    number,
    kind: 'boundary',
    segments: [1],
    lesion: null,
    voxels: 10,
    volumeMl: 1,
    severity: 0.5,
    centre: [0, 0, 0],
    box: { min: [0, 0, 0], max: [1, 1, 1] },
    candidates: [],
    consensus: { volumeMl: 1, probability: 0.7 },
    asked: true,
    decision: null,
    ...change
  };
}

export function decision(of: number, choice: Decision['choice']): Decision {
  return {
    dispute: of,
    choice,
    reason: '',
    shown: { overlays: [], centre: [0, 0, 0], window: null, volume: 'a'.repeat(64) },
    by: ADA,
    at: '2026-10-12T10:00:00.000Z'
  };
}

export function lesion(id: number, change: Partial<LesionConsensus> = {}): LesionConsensus {
  return {
    id,
    segment: 2,
    accepted: true,
    existence: 1,
    volumeMl: 1,
    diameter: 12,
    centre: [id, 0, 0],
    readers: [],
    ...change
  };
}

export function result(change: Partial<ConsensusResult> = {}): ConsensusResult {
  return {
    labelMapRoot: 'b'.repeat(64),
    readers: [],
    segments: [],
    agreement: [],
    lesions: [],
    disputes: [],
    adjudication: { needed: true, triggers: [], read: null },
    criteria: [],
    warnings: [],
    ...change
  };
}

const VOTE = { id: 'vote.kofn', threshold: null, ties: 'undecided' } as const;

export function consensus(change: Partial<Consensus> = {}): Consensus {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    caseId: '00000000-0000-4000-8000-000000000002',
    number: 1,
    protocolVersion: 1,
    deviates: false,
    outdated: false,
    rules: {
      structures: VOTE,
      lesions: {
        matching: { minimumIou: 0.1, centroidInMask: true, maximumDistance: 0 },
        presence: null,
        shape: VOTE
      },
      modelWeight: 0
    },
    agreementRules: { surface: 'deepmind', tolerance: 2, kappaRegion: { rule: 'union' } },
    createdBy: ADA,
    createdAt: '2026-10-12T10:00:00.000Z',
    progress: { state: 'done' },
    result: result(),
    ...change
  };
}
