import type { Person, Revision } from '@voxcord/schemas/api';
import { makeRevision, type Revision as RevisionRecord, type RevisionManifest } from '../truth/index.js';
import type { SealedLabels } from '../labelmap/readLabelMap.js';
import type { ProjectAccess } from '../projects/projectAccess.js';
import { readRead, type StoredRead } from '../projects/records.js';
import type { Volumes } from '../projects/volumes.js';
import type { Catalogue } from '../store/store.js';
import { StudyError } from './errors.js';
import { readRevision, type StoredRevision } from './records.js';

/** Immutable, signed snapshots of reads. */
export class Revisions {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProjectAccess,
    private readonly volumes: Volumes
  ) {}

  /** Oldest first. */
  async list(person: Person, readId: string): Promise<Revision[]> {
    const { read } = await this.access.viewableRead(person, readId);
    return (await this.of(read)).map(presentRevision);
  }

  /** Those of a read, whoever asks, oldest first. */
  async of(read: StoredRead): Promise<StoredRevision[]> {
    return Promise.all(read.revisions.map(hash => this.get(hash)));
  }

  /** Whoever asks. Rejects with `StudyError` (`revision.unknown`). */
  async get(hash: string): Promise<StoredRevision> {
    const value = await this.catalogue.get('revision', hash);
    const revision = value === null ? null : readRevision(value);
    const read = revision === null ? null : await this.catalogue.get('read', revision.readId);
    // One that its read does not name was being submitted when the service died.
    if (revision === null || read === null || !readRead(read).revisions.includes(hash)) {
      throw new StudyError('revision.unknown', 'There is no such revision, or you may not see it.');
    }
    return revision;
  }

  /** The record of what is painted in a read now, not stored yet. */
  async make(
    read: StoredRead,
    painted: SealedLabels,
    submittedAt: Date,
    notRead: readonly number[],
    more: Pick<RevisionManifest, 'model'> = {}
  ): Promise<RevisionRecord> {
    const { protocol } = read;
    if (protocol === null) {
      throw new StudyError('read.outside-protocol', 'This read was begun outside a protocol: it cannot be submitted.');
    }
    const { volume } = await this.volumes.get(read.volume);
    return makeRevision(
      {
        project: read.projectId,
        case: read.caseId,
        read: read.id,
        reader: { username: read.reader.username, name: read.reader.displayName },
        number: read.revisions.length + 1,
        parent: read.revisions.at(-1) ?? null,
        volume: read.volume,
        geometry: { grid: volume.grid, fileGrid: volume.fileGrid },
        protocol,
        blinded: read.access === 'blind',
        segments: read.segments,
        ...(notRead.length === 0 ? {} : { notRead: [...notRead].sort((a, b) => a - b) }),
        findings: [],
        startedAt: read.startedAt ?? read.createdAt,
        submittedAt: submittedAt.toISOString(),
        origins: read.origins,
        ...more
      },
      painted.content
    );
  }

  /** Before its read names it. */
  async store(
    read: StoredRead,
    { sha256, manifest }: RevisionRecord,
    painted: SealedLabels,
    remark: string,
    signed: StoredRevision['signed']
  ): Promise<StoredRevision> {
    const revision: StoredRevision = {
      hash: sha256,
      readId: read.id,
      caseId: read.caseId,
      projectId: read.projectId,
      reader: read.reader,
      manifest,
      labelMap: painted.snapshot,
      protocolVersion: manifest.protocol.version,
      remark,
      reason: read.reopenedFor,
      signed
    };
    await this.catalogue.insert('revision', sha256, read.id, revision);
    return revision;
  }
}

export function presentRevision({ hash, reader, manifest, remark, reason, signed }: StoredRevision): Revision {
  return {
    hash,
    readId: manifest.read,
    caseId: manifest.case,
    number: manifest.number,
    reader,
    labelMapRoot: manifest.labelMap.root,
    protocolVersion: manifest.protocol.version,
    parent: manifest.parent,
    startedAt: manifest.startedAt,
    submittedAt: manifest.submittedAt,
    remark,
    notRead: manifest.notRead ?? [],
    reason,
    signature: signed.signature,
    model: manifest.model ?? null
  };
}
