import type { ByteWriter } from './byteWriter.js';

/*
 * Adaptive binary arithmetic coding on 32-bit integers: each decision is coded under a context whose probability
 * follows what was coded there before. Deflate cannot be used well on a stroke: its few hundred deltas are shorter
 * than what deflate needs to describe its own tables.
 */

/** How fast a context follows, by how often it was used: halves at first, a 32nd later. */
const RATE_SHIFTS = Uint8Array.from([1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5]);
const LAST_RATE = RATE_SHIFTS.length - 1;
const EVEN = 1 << 15;

/** Probabilities (of a 1, in 65,536ths) of a set of contexts. */
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
    // Stays in 32 ... 65,504, so that neither decision ever becomes impossible.
    this.probability[context] =
      bit === 1 ? probability + ((65_504 - probability) >> shift) : probability - ((probability - 32) >> shift);
  }
}

/** Where the range of a decision is split; the lower part means 1. */
function split(low: number, high: number, probability: number): number {
  const range = high - low;
  return low + Math.floor(range / 65_536) * probability + (((range & 0xffff) * probability) >>> 16);
}

export class BitEncoder {
  private low = 0;
  private high = 0xffff_ffff;

  constructor(
    private readonly out: ByteWriter,
    private readonly contexts: BitContexts
  ) {}

  bit(context: number, bit: number): void {
    const middle = split(this.low, this.high, this.contexts.probability[context] ?? EVEN);
    if (bit === 1) this.high = middle;
    else this.low = middle + 1;
    this.contexts.update(context, bit);
    while (((this.low ^ this.high) & 0xff00_0000) === 0) {
      this.out.byte(this.high >>> 24);
      this.low = (this.low << 8) >>> 0;
      this.high = ((this.high << 8) | 255) >>> 0;
    }
  }

  /** Ends the code; bytes that the decoder makes up (zeros) are left out. `start`: where this code began in `out`. */
  finish(start: number): void {
    const top = this.low >>> 24;
    this.out.byte((this.low & 0x00ff_ffff) === 0 ? top : top + 1);
    this.out.trimZeros(start);
  }
}

export class BitDecoder {
  private low = 0;
  private high = 0xffff_ffff;
  private code = 0;
  private position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly contexts: BitContexts
  ) {
    for (let i = 0; i < 4; i++) this.shiftIn();
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
    while (((this.low ^ this.high) & 0xff00_0000) === 0) {
      this.low = (this.low << 8) >>> 0;
      this.high = ((this.high << 8) | 255) >>> 0;
      this.shiftIn();
    }
    return bit;
  }

  /** Whether all bytes were needed and the last one is not a zero that should have been left out. */
  get isExhausted(): boolean {
    return this.bytes.length <= this.position - 3 && (this.bytes.length === 0 || this.bytes.at(-1) !== 0);
  }

  private shiftIn(): void {
    this.code = ((this.code << 8) | (this.bytes[this.position++] ?? 0)) >>> 0;
  }
}
