import { randomUUID } from 'node:crypto';
import type { Consensus, ConsensusRules, NewConsensus, Person, Progress } from '@voxcord/schemas/api';
import { canonicalJson } from '@voxcord/schemas/files';
import { truthRights, type TruthRights } from '../../access/truthMatrix.js';
import { denied, type ProjectAccess, type SeenCase } from '../../projects/projectAccess.js';
import { ifThere } from '../ifThere.js';
import { StoreError, type Store } from '../../store/store.js';
import { ThreadCancelled } from '../../threads/runInThread.js';
import { GroundTruthError } from '../groundTruthError.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import type { Decisions } from '../adjudication/decisions.js';
import type { JobQueue } from '../jobs/jobQueue.js';
import { actorOf, type Journal, type Told } from '../journal.js';
import { protocolVersion } from '../protocolVersions.js';
import type { StoredProtocol } from '../records.js';
import { ReleasedCases } from '../releasedCases.js';
import { ConsensusRefused } from './computeConsensus.js';
import { describeReaders, readerKind, submittedReads, warningsOf, type SubmittedRead } from './consensusReads.js';
import { readComputed, readConsensus, type ComputedConsensus, type StoredConsensus } from './consensusRecords.js';
import type { ConsensusOutcome } from './consensusTask.js';
import { makeTask } from './makeTask.js';
import { methodsWithoutWeights } from './modelReads.js';
import { presentDraft } from './presentDraft.js';
import { runConsensus } from './consensusThread.js';

/** A computation that the service did not survive so often is not begun again. */
const ATTEMPTS = 2;

const INTERRUPTED: Progress = {
  state: 'failed',
  code: 'consensus.interrupted',
  detail: 'The service stopped while this was computed. Compute it again; if it stops again, ask who runs the service.'
};

/** A draft as somebody may see it. */
export interface SeenConsensus {
  readonly draft: StoredConsensus;
  readonly seen: SeenCase;
  readonly rights: TruthRights;
}

export interface ConsensusParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly journal: Journal;
  readonly maps: FixedLabelMaps;
  readonly jobs: JobQueue;
  readonly decisions: Decisions;
  readonly now: () => Date;
}

/** Consensus of cases: started, computed in threads, kept. Throws `GroundTruthError`, `ProjectError`. */
export class ConsensusDrafts {
  readonly #released: ReleasedCases;

  constructor(private readonly parts: ConsensusParts) {
    this.#released = new ReleasedCases(parts.store);
  }

  /** Begins what was not finished when the service ended. Before anybody is served. */
  async resume(): Promise<void> {
    const { store, journal } = this.parts;
    await journal.recover('consensus', readConsensus, value => readConsensus(value).id);
    for await (const values of store.catalogue.all('consensus')) {
      for (const draft of values.map(readConsensus)) {
        if (draft.progress.state !== 'running') continue;
        if (draft.attempts < ATTEMPTS) this.#begin(draft);
        else await this.#end(draft, INTERRUPTED, null);
      }
    }
  }

  async start(person: Person, caseId: string, { rules }: NewConsensus): Promise<Consensus> {
    const { seen, rights } = await this.case_(person, caseId);
    if (!rights.mayCompute) throw denied('compute a consensus');
    const { protocol, project, case_, reads } = seen;
    if (protocol === null) {
      throw new GroundTruthError('consensus.no-protocol', 'Lock a protocol first: it says how a consensus is made.');
    }
    const submitted = await submittedReads(this.parts.store.catalogue, reads, protocol);
    const wanted = rules ?? protocol.content.consensus;
    checkModelWeight(wanted, submitted);
    const draft: StoredConsensus = {
      id: randomUUID(),
      caseId: case_.id,
      projectId: project.id,
      number: (await this.#draftsOf(case_.id)).length + 1,
      protocolVersion: protocol.version,
      deviates: canonicalJson(wanted) !== canonicalJson(protocol.content.consensus),
      rules: wanted,
      agreementRules: protocol.content.agreement,
      readers: describeReaders(submitted, wanted),
      warnings: warningsOf(submitted, protocol),
      createdBy: person,
      createdAt: this.parts.now().toISOString(),
      progress: { state: 'running', done: 0, step: 'Waiting' },
      attempts: 0,
      computed: null,
      adjudication: null,
      outcomes: null,
      untold: null
    };
    await this.parts.journal.insert('consensus', draft.id, case_.id, draft, project.id, {
      actor: actorOf(person),
      action: 'consensus.started',
      subject: { kind: 'consensus', id: draft.id, sha256: null },
      details: {
        case: case_.id,
        protocol: protocol.version,
        deviates: draft.deviates,
        revisions: draft.readers.map(({ revision }) => revision)
      }
    });
    this.#begin(draft);
    return this.#present({ draft, seen, rights });
  }

  /** Newest first, without their results. */
  async list(person: Person, caseId: string): Promise<Consensus[]> {
    const { seen, rights } = await this.case_(person, caseId);
    if (!rights.mayView) return [];
    const drafts = (await this.#draftsOf(caseId)).reverse();
    return drafts.map(draft => this.#present({ draft, seen, rights }));
  }

  async get(person: Person, id: string): Promise<Consensus> {
    const found = await this.find(person, id);
    const { draft, seen } = found;
    if (draft.computed === null) return this.#present(found);
    const decisions = await this.parts.decisions.standing(draft.id);
    const progress = this.parts.jobs.progress(draft.id);
    return presentDraft(draft, seen.reads, progress, { ...(await this.computed(draft)), decisions });
  }

  /** What is being computed is cancelled; what is computed stays. */
  async cancel(person: Person, id: string): Promise<void> {
    const { draft, rights } = await this.find(person, id);
    if (!rights.mayCompute) throw denied('cancel a consensus');
    await this.parts.jobs.cancel(draft.id);
  }

  /** A draft that the person may see. Throws `GroundTruthError` (`consensus.unknown`). */
  async find(person: Person, id: string): Promise<SeenConsensus> {
    const draft = await this.stored(id);
    const found = draft === null ? null : await ifThere(this.case_(person, draft.caseId));
    if (draft !== null && found?.rights.mayView === true) return { draft, ...found };
    throw new GroundTruthError('consensus.unknown', 'There is no such consensus, or you may not see it.');
  }

  /** A draft whose result is there. Throws `GroundTruthError` (`consensus.not-computed`). */
  async findComputed(
    person: Person,
    id: string
  ): Promise<SeenConsensus & { readonly maps: NonNullable<StoredConsensus['computed']> }> {
    const found = await this.find(person, id);
    const { computed } = found.draft;
    if (computed !== null) return { ...found, maps: computed };
    throw new GroundTruthError(
      'consensus.not-computed',
      'This consensus has no result. Wait for it, or compute it anew.'
    );
  }

  /** Whoever asks; null if there is none. */
  async stored(id: string): Promise<StoredConsensus | null> {
    const value = await this.parts.store.catalogue.get('consensus', id);
    return value === null ? null : readConsensus(value);
  }

  async computed({ computed }: StoredConsensus): Promise<ComputedConsensus> {
    const bytes = computed === null ? null : await this.parts.store.blobs.get(computed.result);
    if (bytes !== null) return readComputed(bytes);
    throw new StoreError('corrupt', 'The result of a consensus is missing. Restore the data folder from a backup.');
  }

  /** A case that the person may see, and what they may do with its truth. */
  async case_(person: Person, caseId: string): Promise<{ seen: SeenCase; rights: TruthRights }> {
    const seen = await this.parts.access.case_(person, caseId);
    const { role, protocol, view } = seen;
    const way = protocol === null ? 'free' : protocol.content.readers.blind ? 'blind' : 'visible';
    const isReleased = await this.#released.has(caseId);
    return { seen, rights: truthRights({ role, way, standing: view.standing, isReleased }) };
  }

  async #draftsOf(caseId: string): Promise<StoredConsensus[]> {
    return (await this.parts.store.catalogue.list('consensus', caseId)).map(readConsensus);
  }

  /** Without its result. */
  #present({ draft, seen }: SeenConsensus): Consensus {
    return presentDraft(draft, seen.reads, this.parts.jobs.progress(draft.id), null);
  }

  #begin(draft: StoredConsensus): void {
    this.parts.jobs.start(draft.id, (report, signal) => this.#compute(draft, report, signal));
  }

  async #compute(
    draft: StoredConsensus,
    report: (done: number, step: string) => void,
    signal: AbortSignal
  ): Promise<void> {
    const { store, maps } = this.parts;
    try {
      signal.throwIfAborted();
      await this.#change(draft.id, current => ({ ...current, attempts: current.attempts + 1 }), {
        actor: { kind: 'service' },
        action: 'consensus.begun'
      });
      const protocol = await this.#protocolOf(draft);
      const outcome = await runConsensus(await makeTask(store, maps, draft, protocol), report, signal);
      await this.#end(draft, { state: 'done' }, await this.#keep(outcome));
    } catch (error) {
      if (error instanceof ThreadCancelled || signal.aborted) {
        // A service that stops begins it again when it starts.
        if (!this.parts.jobs.isClosed) await this.#end(draft, { state: 'cancelled' }, null);
        return;
      }
      if (error instanceof ConsensusRefused) {
        await this.#end(draft, { state: 'failed', ...error.refusal }, null);
        return;
      }
      await this.#end(draft, FAILED, null);
      throw error;
    }
  }

  /** Everything that is named before what names it. */
  async #keep(outcome: ConsensusOutcome): Promise<NonNullable<StoredConsensus['computed']>> {
    const { store, maps } = this.parts;
    const { result, volumes, regions, dims } = outcome;
    const computed: ComputedConsensus = {
      result,
      volumes: volumes.map(volume => ({ ...volume })),
      regions: regions.map(runs => [...runs])
    };
    const soft: { number: number; map: string }[] = [];
    for (const [number, bricks] of outcome.soft) soft.push({ number, map: (await maps.keep(dims, bricks)).hash });
    return {
      labelMapRoot: result.labelMapRoot,
      labelMap: (await maps.keep(dims, outcome.labelMap)).hash,
      disagreement: (await maps.keep(dims, outcome.disagreement)).hash,
      soft,
      needsAdjudication: result.adjudication.needed,
      result: await store.blobs.put(Buffer.from(canonicalJson(computed), 'utf8'))
    };
  }

  async #end(draft: StoredConsensus, progress: Progress, computed: StoredConsensus['computed']): Promise<void> {
    await this.#change(draft.id, current => ({ ...current, progress, computed }), {
      actor: { kind: 'service' },
      action: `consensus.${progress.state === 'done' ? 'computed' : progress.state}`,
      details:
        progress.state === 'failed'
          ? { code: progress.code }
          : { case: draft.caseId, labelMapRoot: computed?.labelMapRoot ?? null }
    });
  }

  async #change(
    id: string,
    change: (current: StoredConsensus) => StoredConsensus,
    told: Pick<Told, 'actor' | 'action' | 'details'>
  ): Promise<void> {
    const draft = await this.stored(id);
    if (draft === null) return;
    await this.parts.journal.update('consensus', id, readConsensus, draft.projectId, current => ({
      value: change(current),
      told: { ...told, subject: { kind: 'consensus', id, sha256: null } }
    }));
  }

  async #protocolOf({ projectId, protocolVersion: version }: StoredConsensus): Promise<StoredProtocol> {
    const protocol = await protocolVersion(this.parts.store.catalogue, projectId, version);
    if (protocol === null) throw new StoreError('corrupt', 'The protocol of a consensus is missing. Restore a backup.');
    return protocol;
  }
}

/** A model that counts as a part of a person needs a method that takes parts. */
function checkModelWeight(rules: ConsensusRules, reads: readonly SubmittedRead[]): void {
  const methods = methodsWithoutWeights(rules);
  if (methods.length === 0 || !reads.some(({ read }) => readerKind(read.reader) === 'model')) return;
  throw new GroundTruthError(
    'consensus.model-weight',
    `The rules count a model as ${rules.modelWeight} of a person, but ${methods.join(' and ')} counts all readers alike. ` +
      'Let models count 0 or 1, or take a vote of more than half or shape-based averaging: in a new version of the protocol.'
  );
}

const FAILED: Progress = {
  state: 'failed',
  code: 'service.failed',
  detail: 'The service failed while this was computed. Its log says why; try again.'
};
