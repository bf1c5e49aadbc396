import { randomUUID } from 'node:crypto';
import type {
  NewRelease,
  Person,
  ProtocolContent,
  Release,
  Signing as SigningRequest,
  Verification
} from '@voxcord/schemas/api';
import { releaseRights, type ReleaseRights } from '../../access/truthMatrix.js';
import { denied, type ProjectAccess, type SeenCase, type SeenProject } from '../../projects/projectAccess.js';
import type { Store } from '../../store/store.js';
import type { Verdict } from '../../truth/index.js';
import type { Blindness } from '../blindness.js';
import { StudyError } from '../errors.js';
import { GroundTruthError } from '../groundTruthError.js';
import { ifThere } from '../ifThere.js';
import type { JobQueue } from '../jobs/jobQueue.js';
import { actorOf, type Journal } from '../journal.js';
import type { OneAtATime } from '../oneAtATime.js';
import { protocolVersion } from '../protocolVersions.js';
import type { StoredProtocol } from '../records.js';
import type { Signing } from '../signing.js';
import type { Archive } from './archiveTask.js';
import { runVerification } from './archiveThread.js';
import type { CaseTruths, TruthState } from './caseTruth.js';
import { presentRelease } from './presentRelease.js';
import type { ReleaseMaking } from './releaseMaking.js';
import { readRelease, type StoredFile, type StoredRelease, type StoredReleasedCase } from './releaseRecords.js';
import { checkStep, FIRST_VERSION, nextVersion, type ReleasedTruth } from './versionSteps.js';

export interface ReleaseParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly blindness: Blindness;
  readonly journal: Journal;
  readonly turns: OneAtATime;
  readonly signing: Signing;
  readonly truths: CaseTruths;
  readonly making: ReleaseMaking;
  readonly jobs: JobQueue;
  readonly now: () => Date;
}

/** A release as somebody may see it. */
export interface SeenRelease {
  readonly release: StoredRelease;
  readonly seen: SeenProject;
  readonly rights: ReleaseRights;
}

type ReadyCase = { readonly seen: SeenCase; readonly state: Extract<TruthState, { isReady: true }> };

const REPORT = 'report.html';

/** What a release must tell of its data, as the protocol's form calls it; population, collection and biases are optional. */
const DATASET_FIELDS: Readonly<Partial<Record<keyof ProtocolContent['dataset'], string>>> = {
  purpose: 'purpose',
  origin: 'origin of the images',
  deidentification: 'de-identification',
  limitations: 'limitations',
  licence: 'licence'
};

/** Signed, numbered ground truth. Throws `GroundTruthError`, `ProjectError`, `StudyError`, `TruthError`. */
export class Releases {
  /** Archives that are being checked, by their release. */
  readonly #checks = new Map<string, Promise<Verdict>>();

  constructor(private readonly parts: ReleaseParts) {}

  /** Newest first. */
  async list(person: Person, projectId: string): Promise<Release[]> {
    const seen = await this.parts.access.project(person, projectId);
    const releases = (await this.#of(projectId)).reverse();
    const toRead = await this.parts.blindness.casesToRead(person);
    return releases.flatMap(release => {
      const rights = releaseRights(seen.role, release.state === 'released', tellsOf(release, toRead));
      return rights.mayView ? [this.#present({ release, seen, rights }, person)] : [];
    });
  }

  async get(person: Person, id: string): Promise<Release> {
    return this.#present(await this.find(person, id), person);
  }

  async prepare(person: Person, projectId: string, wanted: NewRelease): Promise<Release> {
    const seen = await this.parts.access.project(person, projectId);
    if (!releaseRights(seen.role, true, false).mayPrepare) throw denied('prepare a release');
    const toRead = await this.parts.blindness.casesToRead(person);
    if (wanted.cases.some(caseId => toRead.has(caseId))) throw blinded();
    const { protocol } = seen;
    if (protocol === null) {
      throw new GroundTruthError(
        'consensus.no-protocol',
        'Lock a protocol first: a release tells by which it was made.'
      );
    }
    checkDataset(protocol.content);
    const ready = await this.#readyCases(person, projectId, wanted.cases);
    return this.parts.turns.take(`releases/${projectId}`, async () => {
      const release = await this.#begin(person, seen, protocol, ready, wanted);
      this.parts.making.prepare(release);
      return this.get(person, release.id);
    });
  }

  /** With the last signature that is needed the release is sealed, and then released. */
  async sign(person: Person, id: string, { meaning, passphrase }: SigningRequest): Promise<Release> {
    return this.parts.turns.take(`release-signing/${id}`, async () => {
      const { release, rights } = await this.find(person, id);
      if (!rights.maySign) throw denied('sign a release');
      const { manifest } = release;
      if (release.state !== 'signing' || manifest === null) throw notSignable(release);
      if (release.signatures.some(({ signature }) => signature.username === person.username)) {
        throw new GroundTruthError(
          'release.signed-already',
          'You have signed this release. Somebody else has to sign.'
        );
      }
      await this.#checkCurrent(person, release);
      const key = await this.parts.signing.unlock(person, passphrase, release.projectId);
      const signer = { username: person.username, name: person.displayName };
      const time = this.parts.now();
      const signed = this.parts.signing.sign(key, { kind: 'release', sha256: manifest }, { signer, meaning, time });
      const changed = await this.parts.journal.update('release', id, readRelease, release.projectId, current => {
        if (current.state !== 'signing') throw notSignable(current);
        return {
          value: { ...current, signatures: [...current.signatures, signed] },
          told: {
            actor: actorOf(person),
            action: 'release.signed',
            subject: { kind: 'release', id, sha256: manifest },
            details: { version: release.version, meaning, key: signed.signature.keyId }
          }
        };
      });
      if (changed !== null && isSigned(changed)) this.parts.making.seal(changed);
      return this.get(person, id);
    });
  }

  /** Gives up a release that is not released yet. */
  async withdraw(person: Person, id: string): Promise<void> {
    const { release, rights } = await this.find(person, id);
    if (!rights.mayPrepare) throw denied('withdraw a release');
    if (release.state === 'released' || isSigned(release)) {
      throw new GroundTruthError('release.state', 'A signed release cannot be withdrawn. Make a new version instead.');
    }
    await this.parts.journal.update<StoredRelease>('release', id, readRelease, release.projectId, current => {
      if (current.state === 'released' || isSigned(current)) throw notSignable(current);
      return {
        value: { ...current, state: 'withdrawn', progress: { state: 'cancelled' } },
        told: {
          actor: actorOf(person),
          action: 'release.withdrawn',
          subject: { kind: 'release', id, sha256: current.manifest },
          details: { version: current.version }
        }
      };
    });
    await this.parts.jobs.cancel(id);
  }

  /** The zip file of a release. The audit log in it tells of all cases of the project, not of the released ones alone. */
  async archive(person: Person, id: string): Promise<StoredFile> {
    const { release } = await this.find(person, id);
    await this.parts.blindness.refuseIn(person, release.projectId);
    if (release.archive === null) throw notReleased();
    return { path: `${release.version}.zip`, ...release.archive };
  }

  /** The readable page that is in its folder; there as soon as it can be signed. */
  async report(person: Person, id: string): Promise<StoredFile> {
    const { release } = await this.find(person, id);
    const report = release.files.find(({ path }) => path === REPORT);
    if (report === undefined) throw notReleased();
    return report;
  }

  /** Checks every byte of the archive, as `voxcord verify` does with its folder. */
  async verify(person: Person, id: string): Promise<Verification> {
    const { release } = await this.find(person, id);
    if (release.archive === null) throw notReleased();
    const verdict = await this.#verdict(id, release.archive);
    if (!verdict.valid) {
      const { record, reason } = verdict.broken;
      const checked = { files: 0, auditEntries: 0, signatures: 0 };
      return { valid: false, checked, problem: { record, text: reason } };
    }
    const { audit, signatures } = verdict;
    return {
      valid: true,
      checked: {
        files: verdict.files,
        auditEntries: audit.last - audit.first + 1,
        signatures: signatures.length
      },
      problem: null
    };
  }

  /** A release that the person may see. Throws `GroundTruthError` (`release.unknown`). */
  async find(person: Person, id: string): Promise<SeenRelease> {
    const value = await this.parts.store.catalogue.get('release', id);
    const release = value === null ? null : readRelease(value);
    const seen = release === null ? null : await ifThere(this.parts.access.project(person, release.projectId));
    if (release !== null && seen !== null) {
      const isBlinded = tellsOf(release, await this.parts.blindness.casesToRead(person));
      const rights = releaseRights(seen.role, release.state === 'released', isBlinded);
      if (rights.mayView) return { release, seen, rights };
      // Only to whom it would be there otherwise: others do not learn that it is.
      if (releaseRights(seen.role, release.state === 'released', false).mayView) throw blinded();
    }
    throw new GroundTruthError('release.unknown', 'There is no such release, or you may not see it.');
  }

  /** One check at a time: whoever asks meanwhile gets the same answer. */
  #verdict(id: string, archive: Archive): Promise<Verdict> {
    const running = this.#checks.get(id);
    if (running !== undefined) return running;
    const check = runVerification(this.parts.store.blobs, archive).finally(() => this.#checks.delete(id));
    this.#checks.set(id, check);
    return check;
  }

  #present({ release, rights }: SeenRelease, person: Person): Release {
    return presentRelease(
      release,
      this.parts.jobs.progress(release.id),
      rights,
      person,
      this.parts.signing.serviceKey.public.id
    );
  }

  async #of(projectId: string): Promise<StoredRelease[]> {
    return (await this.parts.store.catalogue.list('release', projectId)).map(readRelease);
  }

  /** Throws `GroundTruthError` (`release.case-not-ready`) that says of every case why it is not. */
  async #readyCases(person: Person, projectId: string, wanted: readonly string[]): Promise<ReadyCase[]> {
    const ready: ReadyCase[] = [];
    const reasons: string[] = [];
    for (const caseId of wanted) {
      const seen = await this.parts.access.case_(person, caseId);
      if (seen.project.id !== projectId) {
        reasons.push(`${seen.case_.title}: it belongs to another project`);
        continue;
      }
      const state = await this.parts.truths.state(seen);
      if (state.isReady) ready.push({ seen, state });
      else reasons.push(`${seen.case_.title}: ${state.why}`);
    }
    if (reasons.length === 0) return ready;
    throw new GroundTruthError('release.case-not-ready', `These cases are not ready. ${reasons.join('; ')}.`);
  }

  async #begin(
    person: Person,
    { project }: SeenProject,
    protocol: StoredProtocol,
    ready: readonly ReadyCase[],
    { step, notes }: NewRelease
  ): Promise<StoredRelease> {
    const releases = await this.#of(project.id);
    const pending = releases.find(({ state }) => state === 'preparing' || state === 'signing');
    if (pending !== undefined && tellsOf(pending, await this.parts.blindness.casesToRead(person))) throw blinded();
    if (pending !== undefined) {
      throw new GroundTruthError(
        'release.pending',
        `Version ${pending.version} is not released yet. Sign it, or withdraw it first.`
      );
    }
    const parent = releases.findLast(({ state }) => state === 'released') ?? null;
    const cases = await Promise.all(ready.map(each => this.#released(each)));
    if (parent !== null) {
      checkStep(step, await this.#truthOf(parent), truthOfCases(cases, protocol));
    }
    const release: StoredRelease = {
      id: randomUUID(),
      projectId: project.id,
      version: parent === null ? FIRST_VERSION : nextVersion(parent.version, step),
      step,
      state: 'preparing',
      parent: parent?.id ?? null,
      notes,
      protocolVersion: protocol.version,
      cases,
      manifest: null,
      files: [],
      signatures: [],
      signaturesNeeded: protocol.content.signatures.release,
      archive: null,
      progress: { state: 'running', done: 0, step: 'Waiting' },
      attempts: 0,
      createdBy: person,
      createdAt: this.parts.now().toISOString(),
      releasedAt: null,
      untold: null
    };
    await this.parts.journal.insert('release', release.id, project.id, release, project.id, {
      actor: actorOf(person),
      action: 'release.begun',
      subject: { kind: 'release', id: release.id, sha256: null },
      details: {
        version: release.version,
        parent: release.parent,
        cases: cases.map(({ caseId, root }) => ({ case: caseId, root }))
      }
    });
    return release;
  }

  async #released({ seen, state }: ReadyCase): Promise<StoredReleasedCase> {
    const truth = await this.parts.truths.open(seen, state);
    const { draft, computed, adjudication, outcomes, labelMap, root } = truth;
    return {
      caseId: seen.case_.id,
      title: seen.case_.title,
      consensus: draft.id,
      adjudication: adjudication?.hash ?? null,
      labelMap,
      root,
      readers: draft.readers.length,
      disputes: computed.result.disputes.length,
      decided: outcomes.length,
      criteria: computed.result.criteria,
      strata: seen.case_.strata,
      segments: [],
      changes: null
    };
  }

  async #truthOf(release: StoredRelease): Promise<ReleasedTruth> {
    const protocol = await protocolVersion(this.parts.store.catalogue, release.projectId, release.protocolVersion);
    return truthOfCases(release.cases, protocol);
  }

  /** Reads can be reopened while signatures are gathered: what would be signed is then no longer the truth. */
  async #checkCurrent(person: Person, release: StoredRelease): Promise<void> {
    for (const { caseId, consensus, adjudication, title } of release.cases) {
      const state = await this.parts.truths.state(await this.parts.access.case_(person, caseId));
      const isCurrent =
        state.isReady && state.draft.id === consensus && (state.adjudication?.hash ?? null) === adjudication;
      if (isCurrent) continue;
      throw new GroundTruthError(
        'release.state',
        `${title} has changed since this release was prepared. Withdraw it and prepare it anew.`
      );
    }
  }
}

/** Everybody has signed who has to. */
export function isSigned({ signatures, signaturesNeeded }: StoredRelease): boolean {
  return signatures.length >= signaturesNeeded;
}

function tellsOf({ cases }: StoredRelease, toRead: ReadonlySet<string>): boolean {
  return cases.some(({ caseId }) => toRead.has(caseId));
}

function blinded(): StudyError {
  return new StudyError(
    'access.blinded',
    'A release tells the truth of its cases, and you have a blind read of one of them to submit. Submit yours first.'
  );
}

function truthOfCases(
  cases: readonly Pick<StoredReleasedCase, 'caseId' | 'root'>[],
  protocol: StoredProtocol | null
): ReleasedTruth {
  return {
    segments: protocol?.content.segments ?? [],
    roots: new Map(cases.map(({ caseId, root }) => [caseId, root]))
  };
}

function checkDataset({ dataset }: ProtocolContent): void {
  const empty = Object.entries(DATASET_FIELDS).flatMap(([field, name]) =>
    Object.entries(dataset).some(([key, value]) => key === field && value.trim() !== '') ? [] : [name]
  );
  if (empty.length === 0) return;
  throw new GroundTruthError(
    'release.dataset-incomplete',
    `The protocol does not tell of the data what a release must tell: ${empty.join(', ')}. Add it in a new version.`
  );
}

function notSignable({ state }: StoredRelease): GroundTruthError {
  return new GroundTruthError(
    'release.state',
    state === 'preparing'
      ? 'This release is still being prepared. Sign it when it is ready.'
      : `This release is ${state === 'signing' ? 'signed' : state}: it cannot be signed or changed any more.`
  );
}

function notReleased(): GroundTruthError {
  return new GroundTruthError('release.not-released', 'This is not there yet: the release is not finished.');
}
