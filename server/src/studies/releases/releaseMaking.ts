import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Person, Progress, ProtocolSegment } from '@voxcord/schemas/api';
import { ReleaseManifest, type AuditEntry, type PublicKeyRecord } from '@voxcord/schemas/files';
import { affineFromRows } from '@voxcord/schemas/geometry';
import { Value } from 'typebox/value';
import type { ProjectAccess } from '../../projects/projectAccess.js';
import { readProject, readVolume, type StoredVolume } from '../../projects/records.js';
import { StoreError, type Store } from '../../store/store.js';
import { ThreadCancelled } from '../../threads/runInThread.js';
import { sealRelease, type BuiltRelease, type ProjectAudit } from '../../truth/index.js';
import type { Decisions } from '../adjudication/decisions.js';
import { voxelMl } from '../brickMaps.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import { GroundTruthError } from '../groundTruthError.js';
import type { JobQueue } from '../jobs/jobQueue.js';
import type { Journal, Told } from '../journal.js';
import { runDifference, runMeasure } from '../labelMapThread.js';
import { protocolVersion, protocolVersions } from '../protocolVersions.js';
import { readRevision, type StoredProtocol, type StoredRevision } from '../records.js';
import type { ReleasedCases } from '../releasedCases.js';
import type { RightsRefresh } from '../rightsRefresh.js';
import type { Signing } from '../signing.js';
import { runPacking } from './archiveThread.js';
import { BlobFiles } from './blobFiles.js';
import type { CaseTruth, CaseTruths } from './caseTruth.js';
import { planRelease, type PlannedTruth } from './planRelease.js';
import { readRelease, type StoredRelease, type StoredReleasedCase } from './releaseRecords.js';
import { runReleaseBuild } from './releaseThread.js';

const ATTEMPTS = 2;

const INTERRUPTED: Progress = {
  state: 'failed',
  code: 'release.interrupted',
  detail: 'The service stopped while this release was prepared. Withdraw it and prepare it anew.'
};

const FAILED: Progress = {
  state: 'failed',
  code: 'service.failed',
  detail: 'The service failed while this release was made. Its log says why; withdraw it and prepare it anew.'
};

function notStored({ message }: StoreError): Progress {
  return {
    state: 'failed',
    code: 'release.not-stored',
    detail: `${message} Withdraw this release and prepare it anew.`
  };
}

const NOT_SEALED: Progress = {
  state: 'failed',
  code: 'release.not-sealed',
  detail:
    'The release is signed, but could not be finished. It is tried again when the service starts; its log says why.'
};

export interface MakingParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly journal: Journal;
  readonly audit: ProjectAudit;
  readonly signing: Signing;
  readonly truths: CaseTruths;
  readonly decisions: Decisions;
  readonly maps: FixedLabelMaps;
  readonly jobs: JobQueue;
  readonly released: ReleasedCases;
  readonly refresh: RightsRefresh;
  readonly now: () => Date;
}

type Report = (done: number, step: string) => void;

/**
 * Makes releases, step by step: what is to be signed is written, then signed, then sealed. Whenever the service dies, a
 * release is in the state of its last finished step, and the next one is begun anew at the start.
 */
export class ReleaseMaking {
  constructor(private readonly parts: MakingParts) {}

  /** Goes on with what was not finished. Before anybody is served. */
  async resume(): Promise<void> {
    const { store, journal } = this.parts;
    await journal.recover('release', readRelease, value => readRelease(value).id);
    for await (const values of store.catalogue.all('release')) {
      for (const release of values.map(readRelease)) {
        if (release.state === 'preparing' && release.attempts < ATTEMPTS) this.prepare(release);
        else if (release.state === 'preparing') await this.#fail(release, INTERRUPTED);
        else if (release.state === 'signing' && release.signatures.length >= release.signaturesNeeded) {
          this.seal(release);
        } else if (release.state === 'released') await this.#announce(release);
      }
    }
  }

  /** Writes what is to be signed. */
  prepare(release: StoredRelease): void {
    this.parts.jobs.start(release.id, async (report, signal) => {
      try {
        signal.throwIfAborted();
        await this.#change(release, 'release.attempted', {}, current => ({
          ...current,
          attempts: current.attempts + 1
        }));
        await this.#prepare(release, report, signal);
      } catch (error) {
        // Withdrawn, or the service stops and goes on when it starts again.
        if (error instanceof ThreadCancelled || signal.aborted) return;
        if (error instanceof GroundTruthError) {
          await this.#fail(release, { state: 'failed', code: error.code, detail: error.message });
          return;
        }
        // Where the disk is full even this cannot be stored; then the release is prepared anew at the next start.
        await this.#fail(release, error instanceof StoreError ? notStored(error) : FAILED);
        throw error;
      }
    });
  }

  /** Completes a release that everybody has signed who has to. */
  seal(release: StoredRelease): void {
    this.parts.jobs.start(release.id, async report => {
      try {
        await this.#seal(release, report);
      } catch (error) {
        await this.#change(release, 'release.seal-failed', {}, current => ({ ...current, progress: NOT_SEALED }));
        throw error;
      }
    });
  }

  async #prepare(release: StoredRelease, report: Report, signal: AbortSignal): Promise<void> {
    const { store } = this.parts;
    const { catalogue } = store;
    const protocol = await protocolVersion(catalogue, release.projectId, release.protocolVersion);
    if (protocol === null) throw new StoreError('corrupt', 'The protocol of a release is missing. Restore a backup.');
    const parent = release.parent === null ? null : readRelease(await catalogue.get('release', release.parent));
    const planned: PlannedTruth[] = [];
    const cases: StoredReleasedCase[] = [];
    for (const [index, each] of release.cases.entries()) {
      report((0.6 * index) / release.cases.length, `Comparing ${each.title}`);
      const source = await this.#source(release.createdBy, each);
      planned.push(source);
      cases.push(await this.#described(each, source, protocol.content.segments, parent, signal));
    }
    report(0.6, 'Writing the release');
    const files = new BlobFiles(store.blobs, []);
    const described = { ...release, cases };
    const plan = planRelease({
      release: described,
      project: readProject(await catalogue.get('project', release.projectId)),
      protocols: await lockedVersions(store, release.projectId),
      protocol,
      cases: planned,
      parent,
      serviceKey: this.parts.signing.serviceKey.public.id
    });
    const manifest = await runReleaseBuild(plan, store.blobs, files, signal);
    const details = { manifest, cases: cases.map(({ caseId, root }) => ({ case: caseId, root })) };
    await this.#change(release, 'release.prepared', details, current =>
      // Withdrawn in the meantime.
      current.state !== 'preparing'
        ? current
        : { ...current, state: 'signing', cases, manifest, files: files.files, progress: { state: 'done' } }
    );
  }

  async #seal(release: StoredRelease, report: Report): Promise<void> {
    report(0, 'Sealing the release');
    const files = new BlobFiles(this.parts.store.blobs, release.files);
    await sealRelease(
      await this.#built(release, files),
      {
        signatures: release.signatures.map(({ envelope }) => envelope),
        keys: await this.#keys(release),
        audit: await this.#auditOf(release.projectId),
        service: this.parts.signing.serviceKey,
        time: this.parts.now()
      },
      files
    );
    report(0.5, 'Packing the archive');
    const archive = await this.#pack(release, files);
    const now = this.parts.now().toISOString();
    await this.#change(release, 'release.released', { archive: archive.sha256 }, current => ({
      ...current,
      state: 'released',
      files: files.files,
      archive,
      progress: { state: 'done' },
      releasedAt: now
    }));
    await this.#announce(release);
  }

  /** What the release tells of one case: read anew, and checked to be what was to be released. */
  async #source(person: Person, { caseId, consensus, root, title, strata }: StoredReleasedCase): Promise<PlannedTruth> {
    const { access, truths, decisions, maps } = this.parts;
    const seen = await access.case_(person, caseId);
    const state = await truths.state(seen);
    if (!state.isReady || state.draft.id !== consensus) throw changed(title);
    const truth = await truths.open(seen, state);
    if (truth.root !== root) throw changed(title);
    const soft = await Promise.all(
      (truth.draft.computed?.soft ?? []).map(async ({ number, map }) => ({ number, map: await maps.manifest(map) }))
    );
    return {
      truth,
      soft,
      volume: await this.#volumeOf(truth),
      revisions: await this.#revisionsOf(truth),
      decisions: await decisions.of(consensus),
      strata: strata ?? {}
    };
  }

  async #described(
    released: StoredReleasedCase,
    { truth, volume }: PlannedTruth,
    segments: readonly ProtocolSegment[],
    parent: StoredRelease | null,
    signal: AbortSignal
  ): Promise<StoredReleasedCase> {
    const { maps } = this.parts;
    const { grid, spacing } = volume.volume;
    const bricks = await maps.load(truth.labelMap);
    const lesionSegments = segments.filter(({ kind }) => kind === 'lesion').map(({ number }) => number);
    const measured = await runMeasure({ kind: 'measure', dims: grid.dims, truth: bricks, lesionSegments }, signal);
    const before = parent?.cases.find(({ caseId }) => caseId === released.caseId);
    const difference =
      before === undefined
        ? null
        : await runDifference(
            {
              kind: 'difference',
              dims: grid.dims,
              affine: affineFromRows(grid.affine),
              before: await maps.load(before.labelMap),
              after: bricks
            },
            signal
          );
    return {
      ...released,
      segments: segments.map(({ number, name }) => ({
        number,
        name,
        volumeMl: (measured.voxels[number] ?? 0) * voxelMl(spacing),
        lesions: measured.lesions.get(number) ?? 0
      })),
      changes: difference === null ? null : [...difference.changes]
    };
  }

  async #volumeOf({ seen, draft }: CaseTruth): Promise<StoredVolume> {
    const [first] = draft.readers;
    const revision = first === undefined ? null : await this.parts.store.catalogue.get('revision', first.revision);
    const hash = revision === null ? seen.case_.volumes[0] : readRevision(revision).manifest.volume;
    return readVolume(await this.parts.store.catalogue.get('volume', hash ?? ''));
  }

  async #revisionsOf({ draft }: CaseTruth): Promise<StoredRevision[]> {
    const values = await Promise.all(
      draft.readers.map(({ revision }) => this.parts.store.catalogue.get('revision', revision))
    );
    return values.map(readRevision);
  }

  async #built({ manifest: sha256 }: StoredRelease, files: BlobFiles): Promise<BuiltRelease> {
    const manifest: unknown = JSON.parse(Buffer.from(await files.read('release.json')).toString('utf8'));
    if (sha256 !== null && Value.Check(ReleaseManifest, manifest)) return { manifest, sha256 };
    throw new StoreError('corrupt', 'The record of a release is damaged. Restore the data folder from a backup.');
  }

  /** All public keys of everybody who has signed something in the release, and the service's own. */
  async #keys(release: StoredRelease): Promise<Map<string, PublicKeyRecord>> {
    const { signing, store } = this.parts;
    const usernames = new Set(release.signatures.map(({ signature }) => signature.username));
    for (const { lock } of await lockedVersions(store, release.projectId)) {
      if (lock !== null) usernames.add(lock.signed.signature.username);
    }
    for (const { consensus } of release.cases) {
      const draft = await this.parts.truths.draft(consensus);
      for (const { reader } of draft.readers) usernames.add(reader.username);
    }
    for (const { adjudication } of release.cases) {
      const revision = adjudication === null ? null : await store.catalogue.get('revision', adjudication);
      if (revision !== null) usernames.add(readRevision(revision).reader.username);
    }
    const keys = new Map([[signing.serviceKey.public.id, signing.serviceKey.public]]);
    for (const username of usernames) for (const key of await signing.publicKeysOf(username)) keys.set(key.id, key);
    return keys;
  }

  async #auditOf(projectId: string): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for await (const batch of this.parts.audit.read(projectId)) entries.push(...batch);
    return entries;
  }

  async #pack(release: StoredRelease, files: BlobFiles): Promise<{ sha256: string; bytes: number }> {
    const { blobs } = this.parts.store;
    const file = path.join(blobs.scratch, `release-${randomUUID()}.zip`);
    try {
      await runPacking(blobs, {
        kind: 'pack',
        files: files.files,
        name: `release-${release.version}`,
        target: file
      });
      const { size } = await stat(file);
      return { sha256: await blobs.putFile(file), bytes: size };
    } finally {
      await rm(file, { force: true });
    }
  }

  /** What is released is hidden no more. */
  async #announce({ id, cases }: StoredRelease): Promise<void> {
    for (const { caseId } of cases) {
      if (await this.parts.released.has(caseId)) continue;
      await this.parts.released.note(caseId, id);
      await this.parts.refresh.case_(caseId);
    }
  }

  async #fail(release: StoredRelease, progress: Progress): Promise<void> {
    const details = progress.state === 'failed' ? { code: progress.code } : {};
    await this.#change(release, 'release.failed', details, current =>
      current.state === 'preparing' ? { ...current, state: 'failed', progress } : current
    );
  }

  async #change(
    { id, projectId, version }: StoredRelease,
    action: string,
    details: Told['details'],
    change: (current: StoredRelease) => StoredRelease
  ): Promise<void> {
    await this.parts.journal.update('release', id, readRelease, projectId, current => {
      const value = change(current);
      return {
        value,
        told: {
          actor: { kind: 'service' },
          action,
          subject: { kind: 'release', id, sha256: value.manifest },
          details: { version, ...details }
        }
      };
    });
  }
}

async function lockedVersions({ catalogue }: Store, projectId: string): Promise<StoredProtocol[]> {
  return (await protocolVersions(catalogue, projectId)).filter(({ state }) => state === 'locked');
}

function changed(title: string): GroundTruthError {
  return new GroundTruthError(
    'release.case-not-ready',
    `${title} has changed while the release was prepared. Withdraw it and prepare it anew.`
  );
}
