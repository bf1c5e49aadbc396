import { LabelMapError, type LabelMapErrorCode } from './errors.js';

/** Reads bytes and variable-length unsigned integers (7 bits a byte, lowest first); refuses to read past the end. */
export class ByteReader {
  position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly code: LabelMapErrorCode,
    private readonly message: string
  ) {}

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw this.refuse();
    this.position++;
    return value;
  }

  /** Refuses values above `highest` and encodings that are longer than needed. */
  varuint(highest: number): number {
    const first = this.byte();
    if (first < 128) {
      if (first > highest) throw this.refuse();
      return first;
    }
    let value = first & 127;
    let scale = 128;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (value > highest) throw this.refuse();
      if (byte < 128) {
        if (byte === 0) throw this.refuse();
        return value;
      }
      scale *= 128;
      if (scale > 2 ** 56) throw this.refuse();
    }
  }

  /** What has not been read yet, without copying. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.position);
  }

  get atEnd(): boolean {
    return this.position === this.bytes.length;
  }

  refuse(): LabelMapError {
    return new LabelMapError(this.code, this.message);
  }
}
