import { type ISignal, Signal } from '@lumino/signaling';
import type { PersonPresent } from '../client/index.js';
import type { CaseViewer, Vector } from '../viewer/index.js';

type Follower = Pick<CaseViewer, 'crosshair' | 'crosshairChanged' | 'phase' | 'node'>;

/** Crosshairs closer than this are at the same place, mm: two people who follow each other come to rest. */
const SAME_PLACE = 0.01;

/**
 * Moves a person's crosshair, and so their slices, with somebody else's until they act on the picture themselves. By
 * username: whoever reloads their page is still followed.
 */
export class Following {
  private _username: string | null = null;
  private isMoving = false;
  private readonly places = new Map<number, Vector>();
  private readonly _changed = new Signal<this, void>(this);

  constructor(private readonly viewer: Follower) {
    viewer.crosshairChanged.connect(() => {
      // A volume that is just being shown places the crosshair too.
      if (!this.isMoving && viewer.phase.phase === 'ready') this.stop();
    });
    viewer.node.addEventListener('pointerdown', () => this.stop(), true);
  }

  /** Who is followed; null: nobody. */
  get username(): string | null {
    return this._username;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Follows `username` from now on, wherever they are in `people`. */
  start(username: string, people: readonly PersonPresent[]): void {
    this._username = username;
    this.places.clear();
    this.update(people);
    this._changed.emit();
  }

  stop(): void {
    if (this._username === null) return;
    this._username = null;
    this._changed.emit();
  }

  /** People moved, came or left. With several pages of one person the one that moved leads. */
  update(people: readonly PersonPresent[]): void {
    if (this._username === null) return;
    for (const { client, user, crosshair, isMe } of people) {
      if (user.username !== this._username || isMe || crosshair === undefined) continue;
      const before = this.places.get(client);
      this.places.set(client, crosshair);
      if (before === undefined || distance(before, crosshair) > 0) this.moveTo(crosshair);
    }
  }

  dispose(): void {
    Signal.clearData(this);
  }

  private moveTo(place: Vector): void {
    if (distance(place, this.viewer.crosshair) < SAME_PLACE) return;
    this.isMoving = true;
    try {
      this.viewer.crosshair = place;
    } finally {
      this.isMoving = false;
    }
  }
}

function distance(a: Vector, b: Vector): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
