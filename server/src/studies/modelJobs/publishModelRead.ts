import type { ModelProvenance } from '@voxcord/schemas/api';
import { modelReader } from '@voxcord/schemas/models';
import { SnapshotStore } from '../../labelmap/snapshotStore.js';
import { newRead } from '../../projects/projects.js';
import { readCase, readRead, type StoredRead } from '../../projects/records.js';
import type { Volumes } from '../../projects/volumes.js';
import { START_HORIZON } from '../../rooms/roomTypes.js';
import { StoreError, type Store } from '../../store/store.js';
import { protocolHash, sealModelRevision, type UnlockedKey } from '../../truth/index.js';
import { aboutRead, type Journal } from '../journal.js';
import type { StoredProtocol } from '../records.js';
import type { Revisions } from '../revisions.js';
import type { MatchedSegments } from './matchSegments.js';
import type { StoredModelJob } from './modelJobRecords.js';
import type { ModelResult } from './runModelJob.js';

export interface PublishParts {
  readonly store: Store;
  readonly volumes: Volumes;
  readonly revisions: Revisions;
  readonly journal: Journal;
  readonly serviceKey: UnlockedKey;
  readonly now: () => Date;
}

/**
 * Makes the read of a model out of its result. Everything that the read names is stored before it; the read itself is one
 * document, whose id the job has chosen: it is there as a whole or not at all, and never twice.
 */
export async function publishModelRead(
  parts: PublishParts,
  job: StoredModelJob,
  { bricks, content, scores, provenance }: ModelResult,
  { segments, channels }: MatchedSegments,
  protocol: StoredProtocol | null
): Promise<void> {
  const { store, revisions, journal, volumes } = parts;
  const case_ = readCase(await store.catalogue.get('case', job.caseId));
  const { volume } = await volumes.get(job.volume);
  for (const each of scores) await store.blobs.put(each.content);
  const snapshot = await new SnapshotStore(store).save(job.readId, volume.grid.dims, {
    frontier: {},
    lamport: START_HORIZON,
    bricks
  });
  const time = parts.now();
  const read: StoredRead = {
    ...newRead(case_),
    id: job.readId,
    title: job.title,
    purpose: 'model',
    access: protocol?.content.readers.blind === true ? 'blind' : 'visible',
    reader: modelReader({ ...job.model, title: job.title }),
    state: 'submitted',
    protocol: protocol === null ? null : { version: protocol.version, sha256: protocolHash(protocol.content) },
    labelled: { provenance, snapshot: snapshot.hash },
    volume: job.volume,
    segments: [...segments],
    startedAt: job.startedAt ?? time.toISOString(),
    createdAt: time.toISOString()
  };
  const revision = protocol === null ? null : await storeRevision();
  const submitted: StoredRead = { ...read, revisions: revision === null ? [] : [revision] };
  try {
    await journal.insert('read', read.id, case_.id, submitted, read.projectId, {
      actor: { kind: 'service' },
      action: 'read.by-model',
      subject: aboutRead(read.id),
      details: { case: case_.id, job: job.id, model: { ...job.model }, revision, root: content.root }
    });
  } catch (error) {
    // It was made before the service died.
    if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
  }

  /** Nobody signs it; segments that the model does not know are not read, which is not background. */
  async function storeRevision(): Promise<string> {
    const known = new Set(channels.map(({ segment }) => segment));
    const notRead = segments.map(({ number }) => number).filter(number => !known.has(number));
    const made = await revisions.make(read, { content, snapshot }, time, notRead, { model: provenance });
    const { username, displayName } = job.requestedBy;
    const envelope = sealModelRevision(
      {
        revision: made.sha256,
        model: job.model,
        requestedBy: { username, name: displayName },
        time: time.toISOString()
      },
      parts.serviceKey
    );
    await revisions.store(read, made, { content, snapshot }, '', { signature: null, envelope });
    return made.sha256;
  }
}

/** What made the read that a job leaves; null: there is none. */
export async function findPublished(
  { catalogue }: Pick<Store, 'catalogue'>,
  readId: string
): Promise<ModelProvenance | null> {
  const value = await catalogue.get('read', readId);
  return value === null ? null : (readRead(value).labelled?.provenance ?? null);
}
