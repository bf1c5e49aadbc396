import type { Decision, DisputeRegion, NewDecision, Person, Read } from '@voxcord/schemas/api';
import { SnapshotStore } from '../../labelmap/snapshotStore.js';
import { presentRead } from '../../projects/presentation.js';
import { denied, type ProjectAccess, type SeenRead } from '../../projects/projectAccess.js';
import { newRead } from '../../projects/projects.js';
import type { StoredRead } from '../../projects/records.js';
import { START_HORIZON } from '../../rooms/roomTypes.js';
import { StoreError, type Store } from '../../store/store.js';
import type { ConsensusDrafts, SeenConsensus } from '../consensus/consensusDrafts.js';
import { readConsensus, type ComputedConsensus, type StoredConsensus } from '../consensus/consensusRecords.js';
import { isOutdated } from '../consensus/presentDraft.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import { GroundTruthError } from '../groundTruthError.js';
import { actorOf, type Journal } from '../journal.js';
import { segmentsOf } from '../../projects/presentation.js';
import { protocolHash } from '../../truth/index.js';
import type { OneAtATime } from '../oneAtATime.js';
import { readRevision, type StoredRevision } from '../records.js';
import type { Decisions } from './decisions.js';
import type { DecisionOutcome } from './decisionCheck.js';
import { runDecisionCheck } from '../labelMapThread.js';

export interface AdjudicationParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly drafts: ConsensusDrafts;
  readonly decisions: Decisions;
  readonly maps: FixedLabelMaps;
  readonly journal: Journal;
  readonly turns: OneAtATime;
  readonly now: () => Date;
}

/** How what stayed disputed is decided: in a read that starts as the consensus. Throws `GroundTruthError`. */
export class Adjudications {
  readonly #snapshots: SnapshotStore;

  constructor(private readonly parts: AdjudicationParts) {
    this.#snapshots = new SnapshotStore(parts.store);
  }

  /** The adjudication of a consensus; it begins with the first call. */
  async begin(person: Person, consensusId: string): Promise<Read> {
    const found = await this.parts.drafts.findComputed(person, consensusId);
    if (!found.rights.mayAdjudicate) throw denied('adjudicate');
    return this.parts.turns.take(`adjudication/${consensusId}`, async () => {
      const draft = (await this.parts.drafts.stored(consensusId)) ?? found.draft;
      const readId = draft.adjudication ?? (await this.#create(person, { ...found, draft }));
      const { read, readRights } = await this.parts.access.read(person, readId);
      return presentRead(read, readRights);
    });
  }

  /** Voxels of a dispute. */
  async region(person: Person, consensusId: string, dispute: number): Promise<DisputeRegion> {
    const { draft } = await this.parts.drafts.findComputed(person, consensusId);
    const { regions } = await this.parts.drafts.computed(draft);
    const runs = regions[dispute - 1];
    if (runs === undefined) throw unknownDispute();
    return { runs };
  }

  async decide(person: Person, consensusId: string, number: number, wanted: NewDecision): Promise<Decision> {
    const { draft } = await this.parts.drafts.findComputed(person, consensusId);
    const { result } = await this.parts.drafts.computed(draft);
    const dispute = result.disputes.find(each => each.number === number);
    if (dispute === undefined) throw unknownDispute();
    if (draft.adjudication === null) {
      throw new GroundTruthError('adjudication.closed', 'Begin the adjudication of this consensus first.');
    }
    return this.parts.turns.take(`adjudication/${consensusId}`, async () => {
      checkMayDecide(await this.parts.access.read(person, draft.adjudication ?? ''));
      return this.parts.decisions.add(person, draft, dispute, wanted);
    });
  }

  /** Every decision, oldest first. */
  async list(person: Person, consensusId: string): Promise<Decision[]> {
    const { draft } = await this.parts.drafts.find(person, consensusId);
    return this.parts.decisions.of(draft.id);
  }

  /**
   * Before an adjudication is submitted: every dispute that the protocol asks about must be decided. Other reads pass.
   * Throws `GroundTruthError` (`adjudication.open-disputes`, `consensus.outdated`).
   */
  async checkComplete(read: StoredRead): Promise<void> {
    if (read.adjudicates === null) return;
    const draft = await this.#draftOf(read.adjudicates.consensus);
    if (isOutdated(draft, await this.parts.access.readsOf(draft.caseId))) throw outdated();
    const { result } = await this.parts.drafts.computed(draft);
    const standing = await this.parts.decisions.standing(draft.id);
    const open = result.disputes.filter(({ asked, number }) => asked && !standing.has(number));
    if (open.length === 0) return;
    const names = open.slice(0, 10).map(({ number }) => number);
    throw new GroundTruthError(
      'adjudication.open-disputes',
      `${open.length} of the disputes are not decided: ${names.join(', ')}${open.length > names.length ? ' ...' : ''}. Decide them first.`
    );
  }

  /** Once an adjudication is submitted: notes for each decision whether the label map is as was decided. */
  async noteOutcome(read: StoredRead, revision: StoredRevision): Promise<void> {
    if (read.adjudicates === null) return;
    await this.outcomesOf(await this.#draftOf(read.adjudicates.consensus), revision);
  }

  /** How each decision looks in a revision of the adjudication; compared once, then kept. */
  async outcomesOf(draft: StoredConsensus, revision: StoredRevision): Promise<readonly DecisionOutcome[]> {
    if (draft.outcomes?.revision === revision.hash) return draft.outcomes.decisions;
    const outcomes = await this.#compare(draft, revision, await this.parts.drafts.computed(draft));
    const decisions = outcomes.map(outcome => ({ ...outcome }));
    await this.parts.journal.update('consensus', draft.id, readConsensus, draft.projectId, current => ({
      value: { ...current, outcomes: { revision: revision.hash, decisions } },
      told: {
        actor: { kind: 'service' },
        action: 'adjudication.compared',
        subject: { kind: 'revision', id: revision.readId, sha256: revision.hash },
        details: {
          consensus: draft.id,
          asDecided: outcomes.filter(({ outcome }) => outcome === 'as-decided').map(({ dispute }) => dispute),
          painted: outcomes.filter(({ outcome }) => outcome === 'painted').map(({ dispute }) => dispute)
        }
      }
    }));
    return outcomes;
  }

  async #compare(
    draft: StoredConsensus,
    revision: StoredRevision,
    { regions }: ComputedConsensus
  ): Promise<DecisionOutcome[]> {
    const { maps, store, decisions } = this.parts;
    const standing = [...(await decisions.standing(draft.id)).values()].sort((a, b) => a.dispute - b.dispute);
    const letters = new Set(standing.flatMap(({ choice }) => (choice.kind === 'reader' ? [choice.letter] : [])));
    const chosen = draft.readers.filter(({ letter }) => letters.has(letter));
    const reads = await Promise.all(
      chosen.map(async ({ letter, revision: hash }) => {
        const { labelMap } = readRevision(await store.catalogue.get('revision', hash));
        return [letter, await maps.load(labelMap)] as const;
      })
    );
    return runDecisionCheck({
      kind: 'decisions',
      dims: revision.labelMap.dims,
      submitted: await maps.load(revision.labelMap),
      consensus: await maps.load(await maps.manifest(mapOf(draft).labelMap)),
      reads: new Map(reads),
      decisions: standing.map(({ dispute, choice }) => ({ dispute, choice, runs: regions[dispute - 1] ?? [] }))
    });
  }

  async #create(person: Person, { draft, seen }: SeenConsensus): Promise<string> {
    const { case_, reads, protocol } = seen;
    if (protocol === null) throw new GroundTruthError('consensus.no-protocol', 'Lock a protocol first.');
    if (draft.deviates) {
      throw new GroundTruthError(
        'consensus.deviates',
        'This consensus follows other rules than the protocol: it is for comparison only. Compute one by the protocol.'
      );
    }
    if (isOutdated(draft, reads)) throw outdated();
    const maps = mapOf(draft);
    if (!maps.needsAdjudication) {
      throw new GroundTruthError(
        'adjudication.not-needed',
        'The protocol asks for no decision here: this consensus is the truth of the case.'
      );
    }
    const { dims, bricks } = await this.parts.maps.manifest(maps.labelMap);
    const now = this.parts.now().toISOString();
    const about = newRead(case_);
    const start = await this.#snapshots.save(about.id, dims, {
      frontier: {},
      lamport: START_HORIZON,
      bricks: bricks.map(brick => ({ ...brick, content: null }))
    });
    const read: StoredRead = {
      ...about,
      title: 'Adjudication',
      access: 'shared',
      purpose: 'adjudication',
      reader: person,
      state: 'open',
      protocol: { version: protocol.version, sha256: protocolHash(protocol.content) },
      needsIndependence: protocol.content.adjudication.rule === '2+1',
      adjudicates: { consensus: draft.id, snapshot: start.hash },
      segments: segmentsOf(protocol),
      startedAt: now,
      createdAt: now
    };
    checkIndependence(person, read, reads);
    await this.parts.journal.insert('read', read.id, case_.id, read, case_.projectId, {
      actor: actorOf(person),
      action: 'adjudication.begun',
      subject: { kind: 'read', id: read.id, sha256: null },
      details: { case: case_.id, consensus: draft.id, labelMapRoot: maps.labelMapRoot }
    });
    await this.parts.journal.update('consensus', draft.id, readConsensus, draft.projectId, current => ({
      value: { ...current, adjudication: read.id },
      told: {
        actor: actorOf(person),
        action: 'consensus.adjudicated',
        subject: { kind: 'consensus', id: draft.id, sha256: maps.labelMapRoot },
        details: { read: read.id }
      }
    }));
    return read.id;
  }

  async #draftOf(id: string): Promise<StoredConsensus> {
    const draft = await this.parts.drafts.stored(id);
    if (draft !== null) return draft;
    throw new StoreError('corrupt', 'The consensus of an adjudication is missing. Restore a backup.');
  }
}

function mapOf({ computed }: StoredConsensus): NonNullable<StoredConsensus['computed']> {
  if (computed !== null) return computed;
  throw new StoreError('corrupt', 'A consensus that is adjudicated has no result. Restore a backup.');
}

function checkMayDecide({ read, readRights, view }: SeenRead): void {
  if (read.state !== 'open') {
    throw new GroundTruthError('adjudication.closed', 'This adjudication is submitted. Reopen it to decide anew.');
  }
  if (readRights.mayWrite) return;
  throw read.needsIndependence && view.standing !== 'free'
    ? new GroundTruthError(
        'adjudication.independence',
        'You have read this case: under this protocol somebody decides who has not.'
      )
    : denied('decide disputes');
}

/** Under 2+1 whoever begins it must be able to decide: else nobody would know that it waits. */
function checkIndependence({ username }: Person, read: StoredRead, reads: readonly StoredRead[]): void {
  const hasRead = reads.some(
    ({ purpose, protocol, reader }) => purpose === 'reading' && protocol !== null && reader.username === username
  );
  if (!read.needsIndependence || !hasRead) return;
  throw new GroundTruthError(
    'adjudication.independence',
    'You have read this case: under this protocol somebody adjudicates who has not. Ask another adjudicator.'
  );
}

function unknownDispute(): GroundTruthError {
  return new GroundTruthError('dispute.unknown', 'This consensus has no such dispute.');
}

function outdated(): GroundTruthError {
  return new GroundTruthError(
    'consensus.outdated',
    'Reads have changed since this consensus was computed. Compute it anew and adjudicate that.'
  );
}
