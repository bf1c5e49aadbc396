import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import type { ProjectAccess, SeenCase } from '../../projects/projectAccess.js';
import type { Store } from '../../store/store.js';
import type { Adjudications } from '../adjudication/adjudications.js';
import type { DecisionOutcome } from '../adjudication/decisionCheck.js';
import type { Decisions } from '../adjudication/decisions.js';
import type { ConsensusDrafts } from '../consensus/consensusDrafts.js';
import { newestRevision, readsThatCount } from '../consensus/consensusReads.js';
import { readConsensus, type ComputedConsensus, type StoredConsensus } from '../consensus/consensusRecords.js';
import { isOutdated } from '../consensus/presentDraft.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import type { StoredRevision } from '../records.js';

/** The decided truth of one case. */
export interface CaseTruth {
  readonly seen: SeenCase;
  readonly draft: StoredConsensus;
  readonly computed: ComputedConsensus;
  /** Null: the protocol asked for no decision, and the consensus is the truth; what it left undecided is background. */
  readonly adjudication: StoredRevision | null;
  readonly outcomes: readonly DecisionOutcome[];
  readonly labelMap: LabelMapSnapshot;
  readonly root: string;
}

/** Whether a case can be released, or what is still to be done. */
export type TruthState =
  | { readonly isReady: true; readonly draft: StoredConsensus; readonly adjudication: StoredRevision | null }
  | { readonly isReady: false; readonly why: string };

export interface CaseTruthParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly drafts: ConsensusDrafts;
  readonly decisions: Decisions;
  readonly adjudications: Adjudications;
  readonly maps: FixedLabelMaps;
}

/** What the truth of cases is, once everything is decided. */
export class CaseTruths {
  constructor(private readonly parts: CaseTruthParts) {}

  async state({ case_, reads, protocol }: SeenCase): Promise<TruthState> {
    if (protocol === null) return notReady('the project has no locked protocol');
    const counting = readsThatCount(reads);
    const asked = Math.max(counting.length, protocol.content.readers.perCase);
    const missing = asked - counting.filter(({ state }) => state === 'submitted').length;
    if (missing > 0) return notReady(`${missing} of ${asked} reads are missing`);
    const drafts = (await this.parts.store.catalogue.list('consensus', case_.id)).map(readConsensus);
    const current = drafts.filter(
      draft => draft.computed !== null && !draft.deviates && draft.protocolVersion === protocol.version
    );
    const usable = current.filter(draft => !isOutdated(draft, reads));
    if (usable.length === 0) {
      return notReady(
        current.length === 0 ? 'its consensus has not been computed' : 'reads have changed since its consensus'
      );
    }
    return this.#decided(usable, reads);
  }

  /** Everything about a truth that is ready. */
  async open(seen: SeenCase, { draft, adjudication }: Extract<TruthState, { isReady: true }>): Promise<CaseTruth> {
    const { drafts, adjudications, maps } = this.parts;
    const outcomes = adjudication === null ? [] : await adjudications.outcomesOf(draft, adjudication);
    return {
      seen,
      draft,
      computed: await drafts.computed(draft),
      adjudication,
      outcomes,
      labelMap: adjudication === null ? await maps.manifest(draft.computed?.labelMap ?? '') : adjudication.labelMap,
      root: adjudication === null ? (draft.computed?.labelMapRoot ?? '') : adjudication.manifest.labelMap.root
    };
  }

  /** Whoever asks. */
  async draft(id: string): Promise<StoredConsensus> {
    return readConsensus(await this.parts.store.catalogue.get('consensus', id));
  }

  /** The newest draft whose truth is decided. */
  async #decided(drafts: readonly StoredConsensus[], reads: SeenCase['reads']): Promise<TruthState> {
    let why = 'somebody has to adjudicate it';
    for (const draft of drafts.toReversed()) {
      if (draft.computed?.needsAdjudication !== true) return { isReady: true, draft, adjudication: null };
      const read = reads.find(({ id }) => id === draft.adjudication);
      if (read === undefined) continue;
      if (read.state === 'submitted') {
        const { revision } = await newestRevision(this.parts.store.catalogue, read);
        return { isReady: true, draft, adjudication: revision };
      }
      why = 'its adjudication is not submitted';
    }
    return notReady(why);
  }
}

function notReady(why: string): TruthState {
  return { isReady: false, why };
}
