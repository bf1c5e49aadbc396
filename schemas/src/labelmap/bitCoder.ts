import type { ByteWriter } from './byteWriter.js';

/*
 * Adaptive binary arithmetic coding: each decision is coded under a context whose probability follows what was coded
 * there before. Deflate cannot be used well on a stroke: its few hundred deltas are shorter than what deflate needs to
 * describe its own tables. All values stay below 2^30, which every engine keeps as small integers.
 */

/** How fast a context follows, by how often it was used: halves at first, a 32nd later. */
const RATE_SHIFTS = Uint8Array.from([1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5]);
const LAST_RATE = RATE_SHIFTS.length - 1;

const PROBABILITY_BITS = 15;
const LOW_BITS = (1 << PROBABILITY_BITS) - 1;
const EVEN = 1 << (PROBABILITY_BITS - 1);
/** No decision ever becomes impossible. */
const LEAST = 16;
const MOST = (1 << PROBABILITY_BITS) - LEAST;

const STATE = (1 << 30) - 1;
const TOP_SHIFT = 22;
const TOP = 0xff << TOP_SHIFT;

/** Probabilities (of a 1, in 32,768ths) of a set of contexts. */
export class BitContexts {
  readonly probability: Uint16Array;
  private readonly uses: Uint8Array;

  constructor(readonly size: number) {
    this.probability = new Uint16Array(size).fill(EVEN);
    this.uses = new Uint8Array(size);
  }

  reset(): void {
    this.probability.fill(EVEN);
    this.uses.fill(0);
  }

  update(context: number, bit: number): void {
    const uses = this.uses[context] ?? 0;
    const shift = RATE_SHIFTS[uses] ?? 5;
    if (uses < LAST_RATE) this.uses[context] = uses + 1;
    const probability = this.probability[context] ?? EVEN;
    this.probability[context] =
      bit === 1 ? probability + ((MOST - probability) >> shift) : probability - ((probability - LEAST) >> shift);
  }
}

/** Where the range of a decision is split; the lower part means 1. */
function split(low: number, high: number, probability: number): number {
  const range = high - low;
  return low + (range >> PROBABILITY_BITS) * probability + (((range & LOW_BITS) * probability) >> PROBABILITY_BITS);
}

export class BitEncoder {
  private low = 0;
  private high = STATE;

  constructor(
    private readonly out: ByteWriter,
    private readonly contexts: BitContexts
  ) {}

  bit(context: number, bit: number): void {
    const middle = split(this.low, this.high, this.contexts.probability[context] ?? EVEN);
    if (bit === 1) this.high = middle;
    else this.low = middle + 1;
    this.contexts.update(context, bit);
    while (((this.low ^ this.high) & TOP) === 0) {
      this.out.byte(this.high >> TOP_SHIFT);
      this.low = (this.low << 8) & STATE;
      this.high = ((this.high << 8) | 255) & STATE;
    }
  }

  /** Ends the code; bytes that the decoder makes up (zeros) are left out. `start`: where this code began in `out`. */
  finish(start: number): void {
    const top = this.low >> TOP_SHIFT;
    this.out.byte((this.low & ~TOP) === 0 ? top : top + 1);
    this.out.trimZeros(start);
  }
}

export class BitDecoder {
  private low = 0;
  private high = STATE;
  private code = 0;
  private position = 4;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly contexts: BitContexts
  ) {
    // 30 bits: three bytes and the upper six bits of the fourth, whose other two are shifted in with the next byte.
    this.code = (this.byteAt(0) << 22) | (this.byteAt(1) << 14) | (this.byteAt(2) << 6) | (this.byteAt(3) >> 2);
  }

  bit(context: number): number {
    const middle = split(this.low, this.high, this.contexts.probability[context] ?? EVEN);
    let bit = 0;
    if (this.code <= middle) {
      bit = 1;
      this.high = middle;
    } else {
      this.low = middle + 1;
    }
    this.contexts.update(context, bit);
    while (((this.low ^ this.high) & TOP) === 0) {
      this.low = (this.low << 8) & STATE;
      this.high = ((this.high << 8) | 255) & STATE;
      const two = (this.byteAt(this.position - 1) << 8) | this.byteAt(this.position);
      this.code = ((this.code << 8) & STATE) | ((two >> 2) & 255);
      this.position++;
    }
    return bit;
  }

  /** Whether all bytes were needed and the last one is not a zero that should have been left out. */
  get isExhausted(): boolean {
    return this.bytes.length <= this.position - 3 && (this.bytes.length === 0 || this.bytes.at(-1) !== 0);
  }

  private byteAt(position: number): number {
    return this.bytes[position] ?? 0;
  }
}
