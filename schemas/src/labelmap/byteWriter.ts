/** Growing bytes, with the variable-length integers that `ByteReader` reads. */
export class ByteWriter {
  private bytes: Uint8Array;
  private used = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.used;
  }

  clear(): void {
    this.used = 0;
  }

  byte(value: number): void {
    if (this.used === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.used++] = value;
  }

  varuint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  append(bytes: Uint8Array): void {
    for (const value of bytes) this.byte(value);
  }

  /** Drops zero bytes from the end, but not below `length`. */
  trimZeros(length: number): void {
    while (this.used > length && this.bytes[this.used - 1] === 0) this.used--;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.used);
  }
}
