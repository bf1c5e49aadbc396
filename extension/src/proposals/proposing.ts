import { type ISignal, Signal } from '@lumino/signaling';
import type { NewProposal, Proposal, ProposalMethod } from '@voxcord/schemas/api';
import type { VoxcordApi } from '../client/index.js';
import { isAbort } from '../client/problems.js';
import type { Pointed } from '../viewer/index.js';
import { RunVoxels } from './runVoxels.js';

/** Where proposals come from and what they are of; null while nobody may paint. */
export interface ProposalSubject {
  readonly readId: string;
  readonly volume: string;
  readonly dims: readonly [number, number, number];
}

/** What is proposed for the places so far. */
export interface Proposed {
  readonly proposal: Proposal;
  readonly voxels: RunVoxels;
}

/** A model that answers clicks. */
export interface PromptedModel {
  readonly name: string;
  readonly version: string;
  readonly title: string;
}

const MOST_PLACES = 4096;

/** From places that a person points at to a proposal that they accept or refuse. Nothing is painted here. */
export class Proposing {
  private gestures: readonly Pointed[] = [];
  private subject: ProposalSubject | null = null;
  private asking: AbortController | null = null;
  private _proposed: Proposed | null = null;
  private _problem: unknown = null;
  private _method: ProposalMethod = { kind: 'geodesic' };
  private _models: readonly PromptedModel[] = [];
  private readonly _changed = new Signal<this, void>(this);
  private readonly _modelAnswered = new Signal<this, void>(this);

  constructor(private readonly api: Pick<VoxcordApi, 'call'>) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A model has proposed something: from then on the read says so. */
  get modelAnswered(): ISignal<this, void> {
    return this._modelAnswered;
  }

  /** Somebody has pointed at something and has neither accepted nor refused what came of it. */
  get isActive(): boolean {
    return this.gestures.length > 0;
  }

  get isAsking(): boolean {
    return this.asking !== null;
  }

  /** Clicks and scribbles, oldest first. */
  get pointed(): readonly Pointed[] {
    return this.gestures;
  }

  /** The newest proposal; while a newer one is awaited the one before it. */
  get proposed(): Proposed | null {
    return this._proposed;
  }

  /** Why there is none for the places now. */
  get problem(): unknown {
    return this._problem;
  }

  /** Models that answer clicks, as far as they were looked for. */
  get models(): readonly PromptedModel[] {
    return this._models;
  }

  /** Looks which models there are: they come and go while the service runs. Never rejects. */
  async loadModels(): Promise<void> {
    try {
      const { models } = await this.api.call('listModels', {});
      this._models = models.flatMap(({ file }) => (file.kind === 'prompted' ? [file] : []));
    } catch {
      // What needs no model is there in any case.
      return;
    }
    this._changed.emit();
  }

  get method(): ProposalMethod {
    return this._method;
  }

  set method(method: ProposalMethod) {
    this._method = method;
    if (this.isActive) void this.ask();
    else this._changed.emit();
  }

  /** Another subject makes an end of what was begun on the last one. */
  setSubject(subject: ProposalSubject | null): void {
    if (subject?.readId === this.subject?.readId && subject?.volume === this.subject?.volume) return;
    this.subject = subject;
    this.end();
  }

  /** The first gesture must be on the thing: there is nothing yet that something could be taken away from. */
  point(pointed: Pointed): boolean {
    if (!pointed.on && !this.gestures.some(({ on }) => on)) return false;
    this.gestures = [...this.gestures, pointed];
    void this.ask();
    return true;
  }

  /** Takes the last click or scribble back. */
  takeBack(): void {
    this.gestures = this.gestures.slice(0, -1);
    if (this.isActive) void this.ask();
    else this.end();
  }

  /** Forgets places and proposal. */
  end(): void {
    this.asking?.abort();
    this.asking = null;
    this.gestures = [];
    this._proposed = null;
    this._problem = null;
    this._changed.emit();
  }

  dispose(): void {
    this.asking?.abort();
    Signal.clearData(this);
  }

  private async ask(): Promise<void> {
    const { subject } = this;
    this.asking?.abort();
    if (subject === null) return;
    const asking = (this.asking = new AbortController());
    this._problem = null;
    this._changed.emit();
    const body: NewProposal = { volume: subject.volume, method: this._method, places: this.places() };
    try {
      const params = { readId: subject.readId };
      const proposal = await this.api.call('propose', { params, body }, asking.signal);
      if (body.method.kind === 'model') this._modelAnswered.emit();
      if (this.asking !== asking) return;
      this._proposed = { proposal, voxels: new RunVoxels(subject.dims, proposal.runs) };
    } catch (error) {
      if (this.asking !== asking || isAbort(error)) return;
      this._proposed = null;
      this._problem = error;
    }
    this.asking = null;
    this._changed.emit();
  }

  /** Long scribbles are thinned out evenly. */
  private places(): NewProposal['places'] {
    const all = this.gestures.flatMap(({ places, on }) =>
      places.map(([x, y, z]) => ({ world: [x, y, z] as const, on }))
    );
    const step = Math.max(1, all.length / MOST_PLACES);
    const kept = Array.from({ length: Math.min(all.length, MOST_PLACES) }, (_, n) => all[Math.floor(n * step)]);
    return kept.flatMap(place => (place === undefined ? [] : [{ world: [...place.world], on: place.on }]));
  }
}
