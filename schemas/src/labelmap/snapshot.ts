/** For each painting session (Yjs client id, decimal), how many of its records, from the first on, are folded in. */
export type SnapshotFrontier = Readonly<Record<string, number>>;

/** A folded label map. Bricks (64³, run-length coded, deflated) that hold no label are left out. */
export interface Snapshot {
  readonly frontier: SnapshotFrontier;
  /** Head: highest lamport clock folded in. Base: its horizon. */
  readonly lamport: number;
  readonly bricks: ReadonlyMap<number, Uint8Array>;
  /**
   * Base only: horizon of the base that this one was made from, 0 if there was none. A replica on that base knows then
   * that only late records can differ and need not look at all of its voxels when it changes over.
   */
  readonly previousHorizon?: number;
}
