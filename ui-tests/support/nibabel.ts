import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { python } from '../../scripts/support/project.mjs';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./volumes.py', import.meta.url));

export const VOLUME_NAMES = ['plain', 'flipped', 'lps', 'permuted', 'oblique'] as const;
/** `landmark`: oblique, dark but for a bright ball at `LANDMARK`. `ct`: in HU, with `CT_BALLS`. */
export type VolumeName = (typeof VOLUME_NAMES)[number] | 'landmark' | 'ct';

/** Balls of about 100 and 200 HU in something of 20 HU; centres and radii in voxels of 2 mm. Later ones lie over earlier. */
export const CT_BALLS = [
  { segment: 1, centre: [18, 19, 16], radius: 11.3 },
  { segment: 2, centre: [22, 19, 17], radius: 4.3 }
] as const;

/** World mm (RAS+). */
export const LANDMARK = [18, -21, 23] as const;

/** A NIfTI file as nibabel describes it. */
export interface VolumeFile {
  readonly path: string;
  readonly shape: readonly number[];
  /** Voxel to world, mm, RAS+. */
  readonly affine: readonly (readonly number[])[];
}

/** Writes the test volumes into `folder`. */
export async function makeVolumes(folder: string): Promise<Record<VolumeName, VolumeFile>> {
  const { stdout } = await run(python, [program, 'make', folder]);
  return JSON.parse(stdout) as Record<VolumeName, VolumeFile>;
}

export interface ExportedSegment {
  readonly voxels: number;
  /** World mm (RAS+), from the exported file's own affine. */
  readonly centre: readonly [number, number, number];
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}

/** An exported label map as nibabel reads it. */
export interface ExportedLabels {
  /** Shape and affine are those of the volume's file. */
  readonly sameGrid: boolean;
  /** sform and qform codes. */
  readonly codes: readonly [number, number];
  readonly integer: boolean;
  readonly canonicalShape: readonly [number, number, number];
  readonly segments: Readonly<Record<string, ExportedSegment>>;
  /** On the closest-canonical grid, i fastest. */
  readonly canonical: Uint8Array;
}

export async function readExport(labels: string, volume: string): Promise<ExportedLabels> {
  const canonical = `${labels}.canonical`;
  const { stdout } = await run(python, [program, 'read', labels, volume, canonical]);
  const description = JSON.parse(stdout) as Omit<ExportedLabels, 'canonical'>;
  return { ...description, canonical: new Uint8Array(await readFile(canonical)) };
}
