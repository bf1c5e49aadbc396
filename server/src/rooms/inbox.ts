/** What a message that waits takes in memory beside its bytes, roughly: millions of empty ones are not nothing. */
export const MESSAGE_OVERHEAD = 256;

/** Messages of one connection that wait for their turn, first in, first out. */
export class Inbox {
  #frames: Uint8Array[] = [];
  /** The first that is still there: taking from the front of an array is slow. */
  #first = 0;
  #bytes = 0;

  /** What it takes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  push(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#bytes += frame.length + MESSAGE_OVERHEAD;
  }

  take(): Uint8Array | undefined {
    const frame = this.#frames[this.#first];
    if (frame === undefined) {
      this.clear();
      return undefined;
    }
    this.#first += 1;
    this.#bytes -= frame.length + MESSAGE_OVERHEAD;
    return frame;
  }

  clear(): void {
    this.#frames = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}
