import { MESSAGE_OVERHEAD } from './inbox.js';
import type { Requirements } from './checkUpdate.js';

interface Message {
  readonly needs: Requirements;
  readonly bytes: number;
}

/**
 * Counts which of a connection's messages are durable. A message is when everything that it says is on disk, by whatever
 * message it came; the count stops at the first one that is not.
 */
export class Acknowledgements {
  readonly #waiting: Message[] = [];
  #durable = 0;
  #bytes = 0;

  /** How many messages, from the first on, are durable. */
  get durable(): number {
    return this.#durable;
  }

  /** What the messages that wait take in memory. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  add(needs: Requirements, bytes: number): void {
    this.#waiting.push({ needs, bytes: bytes + MESSAGE_OVERHEAD });
    this.#bytes += bytes + MESSAGE_OVERHEAD;
  }

  /** Answers whether the count has grown. */
  advance(durableLength: (client: number) => number): boolean {
    let passed = 0;
    for (const { needs, bytes } of this.#waiting) {
      if (![...needs].every(([client, length]) => durableLength(client) >= length)) break;
      this.#bytes -= bytes;
      passed += 1;
    }
    this.#waiting.splice(0, passed);
    this.#durable += passed;
    return passed > 0;
  }
}
