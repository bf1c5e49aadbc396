/*
 * What `--json` prints, one object per command. Names and meanings do not change.
 */

export interface ImportedCase {
  /** Hashes, in frame order. */
  readonly volumes: readonly string[];
  readonly project: string;
  readonly case: string;
  readonly reads: readonly string[];
}

export interface DemoCase {
  readonly project: string;
  readonly case: string;
  readonly read: string;
  readonly volume: string;
  /** Whether it was made by this call. */
  readonly created: boolean;
  readonly caseFile: string | null;
}

export interface ExportedLabelMap {
  readonly read: string;
  readonly volume: string;
  readonly file: string;
  /** Voxels per segment number, without 0. */
  readonly voxels: Readonly<Record<string, number>>;
}
