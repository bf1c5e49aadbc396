import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseModelFile, type AutomaticModelFile } from '@voxcord/schemas/models';
import type { InferenceTask, InferenceVolume } from '../../../src/inference/inferenceTask.js';
import { fixture } from '../../models/modelFolders.js';

/** Voxels of 1 mm on a canonical grid, HU from -300 to 1199 that no two neighbours share. */
export function writeVolume(folder: string, dims: readonly [number, number, number]): InferenceVolume {
  const voxels = new Int16Array(dims[0] * dims[1] * dims[2]);
  for (let n = 0; n < voxels.length; n++) voxels[n] = ((n * 7919) % 1500) - 300;
  const file = path.join(folder, 'volume');
  writeFileSync(file, voxels);
  return {
    path: file,
    firstVoxel: 0,
    voxelType: 'int16',
    dims,
    slope: 1,
    intercept: 0,
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    modality: 'CT'
  };
}

/** A run of a fixture. */
export function taskOf(
  name: string,
  volume: InferenceVolume,
  folder: string,
  change: (file: AutomaticModelFile) => AutomaticModelFile = file => file
): InferenceTask & { readonly scoresFile: string } {
  const file = parseModelFile(readFileSync(path.join(fixture(name), 'model.json'), 'utf8'));
  if (file.kind !== 'automatic') throw new Error(`${name} labels nothing by itself.`);
  return {
    modelFolder: fixture(name),
    file: change(file),
    volume,
    labelsFile: path.join(folder, 'labels'),
    scoresFile: path.join(folder, 'scores'),
    providers: ['cpu'],
    threads: 1
  };
}
