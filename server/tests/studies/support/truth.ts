import type { Consensus, LabelMapSnapshot, ProtocolContent, Read, Release, Revision } from '@voxcord/schemas/api';
import { decodeBrick, type Dims, type VoxelIndex } from '@voxcord/schemas/labelmap';
import type { Caller, Served } from '../../http/testService.js';
import type { NiftiRecipe } from '../../imaging/niftiFile.js';
import { boxRegion, strokeBytes } from '../../rooms/support/painting.js';
import { RoomClient } from './roomClient.js';
import { DIMS, protocolContent, signing, Study } from './study.js';

export const GRID: Dims = DIMS;

export const LIVER = 1;
export const TUMOUR = 2;

/** A box of one segment, from its lowest voxel, with its size. */
export interface Box {
  readonly segment: number;
  readonly at: VoxelIndex;
  readonly size: VoxelIndex;
}

export const liver = (at: VoxelIndex = [1, 1, 1], size: VoxelIndex = [10, 8, 6]): Box => ({ segment: LIVER, at, size });
export const tumour = (at: VoxelIndex, size: VoxelIndex = [2, 2, 2]): Box => ({ segment: TUMOUR, at, size });

/** Everybody saw this lesion; only some saw the other one. */
export const SEEN: VoxelIndex = [3, 3, 3];
export const DISPUTED: VoxelIndex = [7, 5, 3];

/** What each of three readers has drawn: they differ at one side of the liver, and by a lesion. */
export const DRAWN: Readonly<Record<string, readonly Box[]>> = {
  ada: [liver(), tumour(SEEN), tumour(DISPUTED)],
  ben: [liver([2, 1, 1], [9, 8, 6]), tumour(SEEN), tumour(DISPUTED)],
  cleo: [liver(), tumour(SEEN)]
};

export const TEAM = { ada: 'reader', ben: 'reader', cleo: 'reader', dora: 'adjudicator', sam: 'manager' };

/** A protocol whose results can be foreseen: votes, and a decision on every dispute. */
export function votes(changes: Partial<ProtocolContent> = {}): ProtocolContent {
  const vote = { id: 'vote.kofn', threshold: null, ties: 'undecided' } as const;
  const content = protocolContent();
  return {
    ...content,
    consensus: {
      structures: vote,
      lesions: { ...content.consensus.lesions, shape: vote },
      modelWeight: 0
    },
    agreement: { surface: 'deepmind', tolerance: 2, kappaRegion: { rule: 'union' } },
    adjudication: { rule: '2+1', triggers: ['lesionsDisputed > 0'], minimumVolume: 0 },
    acceptance: [
      { id: 'liver', expression: 'dice(Liver) >= 0.9', description: 'Readers agree on the liver' },
      { id: 'tumour', expression: 'volume(Tumour) <= 0.05 ml', description: 'The tumours are small' }
    ],
    signatures: { release: 2 },
    dataset: {
      purpose: 'Tests',
      origin: 'Made by hand',
      deidentification: 'Nobody is in it',
      limitations: 'Boxes only',
      licence: 'CC0-1.0'
    },
    ...changes
  };
}

/** The label map that boxes give, painted one after the other. */
export function painted(boxes: readonly Box[]): Uint8Array {
  const labels = new Uint8Array(GRID[0] * GRID[1] * GRID[2]);
  for (const { segment, at, size } of boxes) {
    for (let k = at[2]; k < at[2] + size[2]; k++) {
      for (let j = at[1]; j < at[1] + size[1]; j++) {
        const row = (k * GRID[1] + j) * GRID[0];
        labels.fill(segment, row + at[0], row + at[0] + size[0]);
      }
    }
  }
  return labels;
}

/** A study in which ground truth is made. */
export class TruthStudy {
  private constructor(readonly study: Study) {}

  static async start(service: Served, content: ProtocolContent = votes(), recipe?: NiftiRecipe): Promise<TruthStudy> {
    return new TruthStudy(await Study.start(service, TEAM, content, recipe));
  }

  get lead(): Caller {
    return this.study.lead;
  }

  as(username: string): Caller {
    return this.study.as(username);
  }

  get caseId(): string {
    return this.study.case_.id;
  }

  get projectId(): string {
    return this.study.project.id;
  }

  /** Readers get the case, read it and submit. */
  async read(drawn: Readonly<Record<string, readonly Box[]>> = DRAWN): Promise<Map<string, Revision>> {
    await this.study.assign(Object.keys(drawn));
    const revisions = new Map<string, Revision>();
    for (const [username, boxes] of Object.entries(drawn)) {
      const { id } = await this.study.begin(username);
      await this.paint(username, id, boxes);
      revisions.set(username, await this.study.submit(username));
    }
    return revisions;
  }

  async paint(username: string, readId: string, boxes: readonly Box[], lamport = 1): Promise<void> {
    const room = await RoomClient.join(this.as(username), `read:${readId}`, { dims: GRID });
    boxes.forEach(({ segment, at, size }, index) => {
      room.log.append(strokeBytes(lamport + index, segment, boxRegion(at, size), GRID));
    });
    await room.saved();
    await room.leave();
  }

  async consensus(by: Caller = this.lead, body: object = {}): Promise<Consensus> {
    const { id } = await by.call('startConsensus', { params: { caseId: this.caseId }, body });
    return this.computed(id, by);
  }

  async computed(consensusId: string, by: Caller = this.lead): Promise<Consensus> {
    for (;;) {
      const consensus = await by.call('getConsensus', { params: { consensusId } });
      if (consensus.progress.state !== 'running') return consensus;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  async decide(by: string, consensusId: string, dispute: number, choice: object, reason = ''): Promise<void> {
    const shown = {
      overlays: ['disagreement'],
      centre: [0, 0, 0],
      window: [40, 400],
      volume: this.study.case_.volumes[0]?.hash
    };
    await this.as(by).call('decideDispute', { params: { consensusId, dispute }, body: { choice, reason, shown } });
  }

  /** The consensus stands on every dispute that is asked. */
  async decideAll(by: string, consensus: Consensus, choice: object = { kind: 'consensus' }): Promise<void> {
    for (const { number, asked } of consensus.result?.disputes ?? []) {
      if (asked) await this.decide(by, consensus.id, number, choice);
    }
  }

  async beginAdjudication(by: string, consensusId: string): Promise<Read> {
    return this.as(by).call('beginAdjudication', { params: { consensusId } });
  }

  async submit(by: string, readId: string): Promise<Revision> {
    return this.as(by).call('submitRead', { params: { readId }, body: { signing: signing() } });
  }

  async prepare(body: object = {}): Promise<Release> {
    const { id } = await this.lead.call('prepareRelease', {
      params: { projectId: this.projectId },
      body: { step: 'major', cases: [this.caseId], notes: 'First', ...body }
    });
    return this.settled(id, 'preparing');
  }

  /** Signed by as many as the protocol asks for, and finished. */
  async sign(releaseId: string, by: readonly string[] = ['lead', 'sam']): Promise<Release> {
    for (const username of by) {
      const body = { meaning: 'approval', passphrase: signing().passphrase };
      await this.as(username).call('signRelease', { params: { releaseId }, body });
    }
    return this.settled(releaseId, 'signing');
  }

  /** Once the release is no longer in this state. */
  async settled(releaseId: string, state: Release['state']): Promise<Release> {
    for (;;) {
      const release = await this.lead.call('getRelease', { params: { releaseId } });
      if (release.state !== state) return release;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** The bytes of a label map that never changes. */
  async labels(reference: string, by: Caller = this.lead): Promise<Uint8Array> {
    const snapshot = await by.call('getFixedLabelMap', { params: { reference } });
    const response = await by.send('getFixedLabelMapPack', { params: { reference } });
    return unpack(snapshot, new Uint8Array(await response.arrayBuffer()));
  }
}

/** Bricks one after the other, as an array of all voxels. */
export function unpack({ dims, bricks }: LabelMapSnapshot, pack: Uint8Array): Uint8Array {
  const [ni, nj, nk] = dims;
  const labels = new Uint8Array(ni * nj * nk);
  let at = 0;
  for (const { index, bytes } of bricks) {
    decodeBrick(pack.subarray(at, at + bytes), index, dims, labels);
    at += bytes;
  }
  return labels;
}
