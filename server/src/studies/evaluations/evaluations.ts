import { randomUUID } from 'node:crypto';
import type {
  EvaluableReader,
  Evaluation,
  EvaluationResult,
  NewEvaluation,
  Person,
  Progress
} from '@voxcord/schemas/api';
import { canonicalJson } from '@voxcord/schemas/files';
import { denied, type ProjectAccess, type SeenProject } from '../../projects/projectAccess.js';
import { StoreError, type Store } from '../../store/store.js';
import { ThreadCancelled } from '../../threads/runInThread.js';
import { hashRecord } from '../../truth/index.js';
import { SERVER_VERSION } from '../../version.js';
import { readerKind } from '../consensus/consensusReads.js';
import { StudyError } from '../errors.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import { GroundTruthError } from '../groundTruthError.js';
import { ifThere } from '../ifThere.js';
import type { JobQueue } from '../jobs/jobQueue.js';
import { actorOf, type Journal, type Told } from '../journal.js';
import type { OneAtATime } from '../oneAtATime.js';
import type { Releases } from '../releases/releases.js';
import { readRelease, type StoredRelease } from '../releases/releaseRecords.js';
import { evaluableReaders, evaluatedRead, seeReleaseCases, type SeenReleaseCases } from './evaluableReads.js';
import { readEvaluation, readEvaluationResult, type StoredEvaluation } from './evaluationRecords.js';
import { EvaluationWork } from './evaluationWork.js';

/** A computation that the service did not survive so often is not begun again. */
const ATTEMPTS = 2;
/** Evaluations of one project that wait or run. */
const MOST_RUNNING = 8;

const INTERRUPTED: Progress = {
  state: 'failed',
  code: 'evaluation.interrupted',
  detail: 'The service stopped while this was computed. Evaluate again; if it stops again, ask who runs the service.'
};

const FAILED: Progress = {
  state: 'failed',
  code: 'service.failed',
  detail: 'The service failed while this was computed. Its log says why; try again.'
};

export interface EvaluationParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly journal: Journal;
  readonly turns: OneAtATime;
  readonly maps: FixedLabelMaps;
  readonly releases: Releases;
  readonly jobs: JobQueue;
  readonly now: () => Date;
}

/** Readers against releases: started, computed in threads, kept. Throws `GroundTruthError`, `ProjectError`, `StudyError`. */
export class Evaluations {
  readonly #work: EvaluationWork;

  constructor(private readonly parts: EvaluationParts) {
    this.#work = new EvaluationWork(parts.store, parts.maps);
  }

  /** Begins what was not finished when the service ended. Before anybody is served. */
  async resume(): Promise<void> {
    const { store, journal } = this.parts;
    await journal.recover('evaluation', readEvaluation, value => readEvaluation(value).id);
    for await (const values of store.catalogue.all('evaluation')) {
      for (const evaluation of values.map(readEvaluation)) {
        if (evaluation.progress.state !== 'running') continue;
        if (evaluation.attempts < ATTEMPTS) this.#begin(evaluation);
        else await this.#end(evaluation, INTERRUPTED, null);
      }
    }
  }

  async readers(person: Person, releaseId: string): Promise<EvaluableReader[]> {
    const { seen, release } = await this.parts.releases.find(person, releaseId);
    const cases = await seeReleaseCases(this.parts.access, person, seen, release);
    return cases.rights.mayView ? evaluableReaders(cases) : [];
  }

  /** Answers the evaluation that there is already of the same reads, if it was not given up. */
  async start(person: Person, projectId: string, wanted: NewEvaluation): Promise<Evaluation> {
    const seen = await this.parts.access.project(person, projectId);
    const { release } = await this.parts.releases.find(person, wanted.release);
    if (release.projectId !== projectId) {
      throw new GroundTruthError('release.unknown', 'There is no such release in this project.');
    }
    const { manifest } = release;
    if (release.state !== 'released' || manifest === null) {
      throw new GroundTruthError('release.not-released', 'Only what is released can be evaluated against.');
    }
    const cases = await seeReleaseCases(this.parts.access, person, seen, release);
    checkRights(cases);
    const made = this.#make(person, { ...release, manifest }, cases, wanted);
    return this.parts.turns.take(`evaluations/${projectId}`, async () => {
      const all = await this.#of(projectId);
      const known = all.findLast(({ key, progress }) => key === made.key && isOfUse(progress));
      if (known !== undefined && (await this.#isWhole(known))) return this.#present(known, cases, null);
      if (all.filter(({ progress }) => progress.state === 'running').length >= MOST_RUNNING) {
        throw new GroundTruthError(
          'evaluation.too-many',
          `${MOST_RUNNING} evaluations of this project are waiting. Wait until one is done, or cancel one.`
        );
      }
      await this.parts.journal.insert('evaluation', made.id, projectId, made, projectId, {
        actor: actorOf(person),
        action: 'evaluation.started',
        subject: { kind: 'evaluation', id: made.id, sha256: null },
        details: {
          release: made.release.version,
          manifest,
          reader: made.reader.username,
          missing: made.missing,
          revisions: made.revisions.map(({ revision }) => revision)
        }
      });
      this.#begin(made);
      return this.#present(made, cases, null);
    });
  }

  /** Newest first, without their results. */
  async list(person: Person, projectId: string): Promise<Evaluation[]> {
    const seen = await this.parts.access.project(person, projectId);
    const all = (await this.#of(projectId)).reverse();
    const releases = new Map<string, SeenReleaseCases | null>();
    for (const id of new Set(all.map(({ release }) => release.id))) {
      releases.set(id, await this.#seeRelease(person, seen, id));
    }
    return all.flatMap(each => {
      const cases = releases.get(each.release.id) ?? null;
      return cases !== null && isVisible(each, cases) ? [this.#present(each, cases, null)] : [];
    });
  }

  async get(person: Person, id: string): Promise<Evaluation> {
    const { evaluation, cases } = await this.#find(person, id);
    const { result } = evaluation;
    return this.#present(evaluation, cases, result === null ? null : await this.#result(result));
  }

  /** What is being computed is cancelled; what is computed stays. */
  async cancel(person: Person, id: string): Promise<void> {
    const { evaluation, cases } = await this.#find(person, id);
    if (!cases.rights.mayCompute) throw denied('cancel an evaluation');
    await this.parts.jobs.cancel(evaluation.id);
  }

  #make(
    person: Person,
    { id, version, manifest, projectId }: StoredRelease & { readonly manifest: string },
    cases: SeenReleaseCases,
    { reader: username, missing }: NewEvaluation
  ): StoredEvaluation {
    const first = cases.cases.map(seen => evaluatedRead(seen, username)).find(read => read !== null);
    if (first === undefined) {
      throw new GroundTruthError(
        'evaluation.no-reads',
        'This reader has submitted no read of a case of this release that you may see. Choose another one, or run the ' +
          'model on these cases first.'
      );
    }
    const revisions = revisionsOf(cases, username);
    return {
      id: randomUUID(),
      projectId,
      key: hashRecord({ manifest, revisions, missing, software: SERVER_VERSION }),
      release: { id, version, manifest },
      reader: first.reader,
      missing,
      revisions,
      createdBy: person,
      createdAt: this.parts.now().toISOString(),
      progress: { state: 'running', done: 0, step: 'Waiting' },
      attempts: 0,
      result: null,
      untold: null
    };
  }

  async #find(person: Person, id: string): Promise<{ evaluation: StoredEvaluation; cases: SeenReleaseCases }> {
    const evaluation = await this.#stored(id);
    const seen = evaluation === null ? null : await ifThere(this.parts.access.project(person, evaluation.projectId));
    const cases =
      evaluation === null || seen === null ? null : await this.#seeRelease(person, seen, evaluation.release.id);
    if (evaluation !== null && cases !== null && isVisible(evaluation, cases)) return { evaluation, cases };
    throw new GroundTruthError('evaluation.unknown', 'There is no such evaluation, or you may not see it.');
  }

  async #seeRelease(person: Person, seen: SeenProject, releaseId: string): Promise<SeenReleaseCases | null> {
    const value = await this.parts.store.catalogue.get('release', releaseId);
    return value === null ? null : seeReleaseCases(this.parts.access, person, seen, readRelease(value));
  }

  #begin(evaluation: StoredEvaluation): void {
    this.parts.jobs.start(evaluation.id, async (report, signal) => {
      try {
        signal.throwIfAborted();
        await this.#change(evaluation, 'evaluation.begun', {}, current => ({
          ...current,
          attempts: current.attempts + 1
        }));
        const result = await this.#work.run(evaluation, report, signal);
        const hash = await this.parts.store.blobs.put(Buffer.from(canonicalJson(result), 'utf8'));
        await this.#end(evaluation, { state: 'done' }, hash);
      } catch (error) {
        if (error instanceof ThreadCancelled || signal.aborted) {
          // A service that stops begins it again when it starts.
          if (!this.parts.jobs.isClosed) await this.#end(evaluation, { state: 'cancelled' }, null);
          return;
        }
        await this.#end(evaluation, FAILED, null);
        throw error;
      }
    });
  }

  async #end(evaluation: StoredEvaluation, progress: Progress, result: string | null): Promise<void> {
    const action = `evaluation.${progress.state === 'done' ? 'computed' : progress.state}`;
    const details = progress.state === 'failed' ? { code: progress.code } : { result };
    await this.#change(evaluation, action, details, current => ({ ...current, progress, result }));
  }

  async #change(
    { id, projectId }: StoredEvaluation,
    action: string,
    details: Told['details'],
    change: (current: StoredEvaluation) => StoredEvaluation
  ): Promise<void> {
    await this.parts.journal.update('evaluation', id, readEvaluation, projectId, current => ({
      value: change(current),
      told: {
        actor: { kind: 'service' },
        action,
        subject: { kind: 'evaluation', id, sha256: null },
        details: { ...details }
      }
    }));
  }

  async #result(hash: string): Promise<EvaluationResult> {
    const bytes = await this.parts.store.blobs.get(hash);
    if (bytes !== null) return readEvaluationResult(bytes);
    throw new StoreError('corrupt', 'The result of an evaluation is missing. Restore the data folder from a backup.');
  }

  /** Scores that were damaged may have been restored since: then the same question has another answer. */
  async #isWhole({ result }: StoredEvaluation): Promise<boolean> {
    if (result === null) return true;
    const { warnings } = await this.#result(result);
    return !warnings.some(({ code }) => code === 'damaged-scores');
  }

  async #stored(id: string): Promise<StoredEvaluation | null> {
    const value = await this.parts.store.catalogue.get('evaluation', id);
    return value === null ? null : readEvaluation(value);
  }

  async #of(projectId: string): Promise<StoredEvaluation[]> {
    return (await this.parts.store.catalogue.list('evaluation', projectId)).map(readEvaluation);
  }

  #present(evaluation: StoredEvaluation, cases: SeenReleaseCases, result: EvaluationResult | null): Evaluation {
    const { id, projectId, release, reader, missing, revisions, createdBy, createdAt } = evaluation;
    const running = this.parts.jobs.progress(id);
    const progress = running === null ? evaluation.progress : { state: 'running' as const, ...running };
    const kind = readerKind(reader);
    const outdated = canonicalJson(revisionsOf(cases, reader.username)) !== canonicalJson(revisions);
    return {
      id,
      projectId,
      release,
      reader,
      kind,
      missing,
      revisions,
      outdated,
      createdBy,
      createdAt,
      progress,
      result
    };
  }
}

/** What would be evaluated now of this reader. */
function revisionsOf({ cases }: SeenReleaseCases, username: string): StoredEvaluation['revisions'] {
  return cases
    .flatMap(seen => evaluatedRead(seen, username) ?? [])
    .map(({ caseId, revisions }) => ({ caseId, revision: revisions.at(-1) ?? '' }))
    .sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
}

function isOfUse({ state }: Progress): boolean {
  return state === 'running' || state === 'done';
}

/** It tells of every read that it was made of. */
function isVisible({ revisions }: StoredEvaluation, seen: SeenReleaseCases): boolean {
  if (!seen.rights.mayView) return false;
  return revisions.every(({ caseId, revision }) => {
    const found = seen.cases.find(({ case_ }) => case_.id === caseId);
    const read = found?.reads.find(each => each.revisions.includes(revision));
    return found !== undefined && read !== undefined && found.view.rightsTo(read).mayView;
  });
}

function checkRights({ rights }: SeenReleaseCases): void {
  if (rights.mayCompute) return;
  if (rights.mayView) throw denied('evaluate readers');
  throw new StudyError(
    'access.blinded',
    'You have still to read a case of this release on your own: submit your read first.'
  );
}
