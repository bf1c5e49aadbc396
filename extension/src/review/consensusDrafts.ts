import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Consensus, ConsensusResult, ConsensusRules, Decision } from '@voxcord/schemas/api';
import { type VoxcordApi, isAbort } from '../client/index.js';

export type DraftPhase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Nobody has computed a consensus yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly draft: Consensus; readonly done: number; readonly step: string }
  /** Cancelled, or it failed: `draft.progress` says why. */
  | { readonly kind: 'stopped'; readonly draft: Consensus }
  | { readonly kind: 'ready'; readonly draft: Consensus; readonly result: ConsensusResult };

/** Milliseconds between two looks at a computation. */
const LOOK_AGAIN = 400;

/** The drafts of a case's consensus, and the one on show. */
export class ConsensusDrafts implements IDisposable {
  private _all: readonly Consensus[] = [];
  private _phase: DraftPhase = { kind: 'opening' };
  private following = new AbortController();
  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;

  constructor(
    private readonly api: VoxcordApi,
    private readonly caseId: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get phase(): DraftPhase {
    return this._phase;
  }

  /** Newest first, without their results. */
  get all(): readonly Consensus[] {
    return this._all;
  }

  /** The newest draft by the rules of the protocol; null: there is none. */
  get newest(): Consensus | null {
    return this._all.find(({ deviates, progress }) => !deviates && isOfUse(progress.state)) ?? null;
  }

  /** Looks which drafts there are and shows `wanted`, or else the newest by the protocol. */
  async open(wanted: string | null = null): Promise<void> {
    const signal = this.restart();
    try {
      this._all = await this.api.call('listConsensus', { params: { caseId: this.caseId } }, signal);
      const draft = this._all.find(({ id }) => id === wanted) ?? this.newest ?? this._all[0];
      if (draft === undefined) this.set({ kind: 'none' });
      else await this.follow(draft.id, signal);
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Computes a consensus: by the protocol, or by other rules to compare with. */
  async compute(rules: ConsensusRules | null = null): Promise<void> {
    const signal = this.restart();
    try {
      const started = await this.api.call(
        'startConsensus',
        { params: { caseId: this.caseId }, body: rules === null ? {} : { rules } },
        signal
      );
      this._all = [started, ...this._all.filter(({ id }) => id !== started.id)];
      await this.follow(started.id, signal);
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Gives up the computation on show. */
  async cancel(): Promise<void> {
    const { _phase: phase } = this;
    if (phase.kind !== 'running') return;
    const signal = this.restart();
    try {
      await this.api.call('cancelConsensus', { params: { consensusId: phase.draft.id } });
      await this.open();
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Asks for the draft on show again, in the background: somebody may have decided, or a read was opened again. */
  async look(): Promise<void> {
    const { _phase: phase } = this;
    if (phase.kind !== 'ready') return;
    const { signal } = this.following;
    const params = { consensusId: phase.draft.id };
    const isBegun = phase.result.adjudication.read !== null;
    const [all, decisions, anew] = await Promise.all([
      this.api.call('listConsensus', { params: { caseId: this.caseId } }, signal),
      this.api.call('listDecisions', { params }, signal),
      // Somebody may have begun the adjudication.
      isBegun ? null : this.api.call('getConsensus', { params }, signal)
    ]);
    if (signal.aborted || this._phase.kind !== 'ready') return;
    this._all = all;
    const { draft, result } = this._phase;
    const listed = all.find(({ id }) => id === draft.id) ?? draft;
    this.set({
      kind: 'ready',
      draft: { ...draft, outdated: listed.outdated },
      result: withDecisions(anew?.result ?? result, decisions)
    });
  }

  /** A decision of this page: seen at once. */
  note(decision: Decision): void {
    if (this._phase.kind !== 'ready') return;
    const { draft, result } = this._phase;
    this.set({ kind: 'ready', draft, result: withDecisions(result, [decision]) });
  }

  /** The adjudication of the draft on show has begun. */
  noteAdjudication(readId: string): void {
    if (this._phase.kind !== 'ready') return;
    const { draft, result } = this._phase;
    this.set({
      kind: 'ready',
      draft,
      result: { ...result, adjudication: { ...result.adjudication, read: readId } }
    });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    this.following.abort();
    Signal.clearData(this);
  }

  private async follow(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const draft = await this.api.call('getConsensus', { params: { consensusId: id } }, signal);
      if (signal.aborted) return;
      this._all = this._all.map(known => (known.id === id ? { ...draft, result: null } : known));
      const { progress, result } = draft;
      if (progress.state === 'running') {
        this.set({ kind: 'running', draft, done: progress.done, step: progress.step });
        await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN));
        continue;
      }
      this.set(
        progress.state === 'done' && result !== null ? { kind: 'ready', draft, result } : { kind: 'stopped', draft }
      );
      return;
    }
  }

  private restart(): AbortSignal {
    this.following.abort();
    this.following = new AbortController();
    return this.following.signal;
  }

  private fail(error: unknown, signal: AbortSignal): void {
    if (!signal.aborted && !isAbort(error)) this.set({ kind: 'failed', error });
  }

  private set(phase: DraftPhase): void {
    if (this._isDisposed) return;
    this._phase = phase;
    this._changed.emit();
  }
}

function isOfUse(state: Consensus['progress']['state']): boolean {
  return state === 'done' || state === 'running';
}

/** Of the decisions on a dispute, oldest first, the last one stands. */
export function withDecisions(result: ConsensusResult, decisions: readonly Decision[]): ConsensusResult {
  const latest = new Map(decisions.map(decision => [decision.dispute, decision]));
  return {
    ...result,
    disputes: result.disputes.map(dispute => {
      const decision = latest.get(dispute.number);
      return decision === undefined ? dispute : { ...dispute, decision };
    })
  };
}
