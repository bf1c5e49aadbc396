import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  eachNoduleVoxel,
  generatePhase,
  PhantomError,
  planPhantom,
  READER_PROFILES,
  SimulatedReaders,
  type PhantomGrid,
  type PhantomPhase,
  type PhantomPlan,
  type Phase,
  type ReaderProfileName
} from '../phantom/index.js';
import { RefusedError } from './commandErrors.js';
import type { Output } from './output.js';
import { writeVolume } from './phantomFiles.js';
import { phantomRecord, phaseRecord, readerRecord } from './phantomRecords.js';
import type { GeneratedPhantom, GeneratedPhase } from './results.js';

export interface PhantomCommandOptions {
  readonly seed: number;
  readonly count: number;
  readonly phases: readonly Phase[];
  readonly spacing?: readonly [number, number, number];
  readonly dims?: readonly [number, number, number];
  readonly centre?: readonly [number, number, number];
  readonly nodules?: readonly number[];
  readonly readers: number;
  readonly profiles: readonly ReaderProfileName[];
  readonly output: string;
}

/** `voxcord phantom`: liver CTs out of seeds, as NIfTI files with their truth. One after the other; equal seeds, equal files. */
export async function phantomCommand(options: PhantomCommandOptions, output: Output): Promise<void> {
  const made: GeneratedPhantom[] = [];
  try {
    for (let n = 0; n < options.count; n++) {
      const seed = options.seed + n;
      const folder = options.count === 1 ? options.output : path.join(options.output, `seed-${seed}`);
      made.push(await makePhantom(seed, path.resolve(folder), options, output));
    }
  } catch (error) {
    if (error instanceof PhantomError) throw new RefusedError(error.code, error.message, { cause: error });
    throw error;
  }
  output.result({ phantoms: made }, made.map(({ folder }) => `Wrote ${folder}`).join('\n'));
}

async function makePhantom(
  seed: number,
  folder: string,
  options: PhantomCommandOptions,
  output: Output
): Promise<GeneratedPhantom> {
  const { spacing, dims, centre, nodules } = options;
  const plan = planPhantom({
    seed,
    ...(spacing === undefined ? {} : { spacing }),
    ...(dims === undefined ? {} : { dims }),
    ...(centre === undefined ? {} : { centre }),
    ...(nodules === undefined ? {} : { noduleDiameters: nodules })
  });
  await makeFolder(folder);
  const phases: GeneratedPhase[] = [];
  for (const [index, name] of options.phases.entries()) {
    output.note(`Seed ${seed}: ${name} phase, ${plan.grid.dims.join(' x ')} voxels`);
    const phase = generatePhase(plan, name);
    phases.push({
      ...phaseRecord(phase),
      ...(await writePhase(folder, plan.grid, phase)),
      // Everybody reads the first phase.
      readers: index === 0 ? await writeReaders(folder, plan, phase, seed, options) : []
    });
  }
  const record: GeneratedPhantom = { folder, ...phantomRecord(plan), phases };
  await writeFile(path.join(folder, 'nodules.json'), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new RefusedError('output.unwritable', `The folder ${folder} cannot be made. Check the path and its rights.`, {
      cause
    });
  }
}

async function writePhase(
  folder: string,
  grid: PhantomGrid,
  { phase, image, labels, nodules }: PhantomPhase
): Promise<Pick<GeneratedPhase, 'image' | 'truth' | 'nodulesFile' | 'sharesFile'>> {
  const ids = new Uint8Array(labels.length);
  const shares = new Float32Array(labels.length);
  for (const { mask, nodule } of nodules) {
    eachNoduleVoxel(mask, grid, (voxel, share) => {
      if (share >= 0.5) ids[voxel] = nodule.id;
      shares[voxel] = (shares[voxel] ?? 0) + share;
    });
  }
  return {
    image: await writeVolume(path.join(folder, `${phase}.nii.gz`), grid, 'int16', image),
    truth: await writeVolume(path.join(folder, `${phase}-truth.nii.gz`), grid, 'uint8', labels),
    nodulesFile: await writeVolume(path.join(folder, `${phase}-nodules.nii.gz`), grid, 'uint8', ids),
    sharesFile: await writeVolume(path.join(folder, `${phase}-nodule-shares.nii.gz`), grid, 'float32', shares)
  };
}

async function writeReaders(
  folder: string,
  plan: PhantomPlan,
  phase: PhantomPhase,
  seed: number,
  { readers, profiles }: PhantomCommandOptions
): Promise<GeneratedPhase['readers']> {
  if (readers === 0) return [];
  const simulated = new SimulatedReaders(plan, phase);
  const written: GeneratedPhase['readers'][number][] = [];
  for (let n = 0; n < readers; n++) {
    const profile = profiles[n % profiles.length] ?? 'expert';
    const read = simulated.read(READER_PROFILES[profile], seed * 1000 + n);
    const file = path.join(folder, `${phase.phase}-reader-${n + 1}.nii.gz`);
    await writeVolume(file, plan.grid, 'uint8', read.labels);
    written.push(readerRecord(file, profile, read));
  }
  return written;
}
