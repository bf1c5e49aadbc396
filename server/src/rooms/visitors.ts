import { WorkShare, type WorkLimit } from './workShare.js';

/** What one person has going on in all rooms together. */
export interface Visitor {
  readonly share: WorkShare;
}

interface Known extends Visitor {
  connections: number;
}

/** Everybody who is connected, by username, so that no one person takes the places or the time of the others. */
export class Visitors {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly maxConnections: number,
    private readonly work: WorkLimit
  ) {}

  /** One more connection of a person; null if they have too many. */
  arrive(username: string): Visitor | null {
    this.#forgetIdle();
    const known = this.#known.get(username) ?? { share: new WorkShare(this.work), connections: 0 };
    if (known.connections >= this.maxConnections) return null;
    known.connections += 1;
    this.#known.set(username, known);
    return known;
  }

  leave(username: string): void {
    const known = this.#known.get(username);
    if (known !== undefined) known.connections -= 1;
  }

  /** Who left is remembered while they owe time: connecting again gives no more of it. */
  #forgetIdle(): void {
    for (const [username, { connections, share }] of this.#known) {
      if (connections === 0 && share.isFull) this.#known.delete(username);
    }
  }
}
