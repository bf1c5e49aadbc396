/** Numbers for patterns of votes, in the order in which they are met; pattern 0 is background in all reads. */
export class PatternTable {
  /** Label of reader r in pattern p at `p * readers + r`; only the first `size` patterns are filled. */
  labels: Uint8Array;
  /** Voxels with each pattern. */
  counts = new Float64Array(64);
  size = 0;
  private slots = new Int32Array(256).fill(-1);

  constructor(readonly readers: number) {
    this.labels = new Uint8Array(64 * readers);
    this.intern(new Uint8Array(readers), 0);
  }

  /** The number of the pattern that stands in `votes` from `offset` on. */
  intern(votes: Uint8Array, offset: number): number {
    let slot = this.firstSlot(votes, offset);
    for (;;) {
      const pattern = this.slots[slot] ?? -1;
      if (pattern < 0) break;
      if (this.equals(pattern, votes, offset)) return pattern;
      slot = (slot + 1) & (this.slots.length - 1);
    }
    return this.add(slot, votes, offset);
  }

  private equals(pattern: number, votes: Uint8Array, offset: number): boolean {
    const start = pattern * this.readers;
    for (let r = 0; r < this.readers; r++) if (this.labels[start + r] !== votes[offset + r]) return false;
    return true;
  }

  private add(slot: number, votes: Uint8Array, offset: number): number {
    const pattern = this.size;
    if (pattern === this.counts.length) this.growRows();
    this.labels.set(votes.subarray(offset, offset + this.readers), pattern * this.readers);
    this.slots[slot] = pattern;
    this.size += 1;
    if (2 * this.size > this.slots.length) this.growSlots();
    return pattern;
  }

  private growRows(): void {
    const labels = new Uint8Array(2 * this.labels.length);
    labels.set(this.labels);
    this.labels = labels;
    const counts = new Float64Array(2 * this.counts.length);
    counts.set(this.counts);
    this.counts = counts;
  }

  private growSlots(): void {
    this.slots = new Int32Array(4 * this.slots.length).fill(-1);
    for (let pattern = 0; pattern < this.size; pattern++) {
      let slot = this.firstSlot(this.labels, pattern * this.readers);
      while ((this.slots[slot] ?? -1) >= 0) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = pattern;
    }
  }

  /** Where the search for a pattern begins. */
  private firstSlot(votes: Uint8Array, offset: number): number {
    let hash = 0;
    for (let r = 0; r < this.readers; r++) {
      hash = Math.imul(hash ^ (votes[offset + r] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash & (this.slots.length - 1);
  }
}
