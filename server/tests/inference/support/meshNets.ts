import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AutomaticModelFile, Intensity } from '@voxcord/schemas/models';

/** Networks and images of others that may lie beside the repository; it does without them. */
const SHARED = fileURLToPath(new URL('../../../../../shared', import.meta.url));

export const BRAIN = path.join(SHARED, 'data', 'brain', 'brainchop_t1_crop.nii.gz');

export interface MeshNet {
  readonly name: string;
  readonly weights: string;
  readonly intensity: Intensity;
}

const MIN_MAX: Intensity = { kind: 'min-max' };
const QUANTILES: Intensity = { kind: 'percentiles', low: 2, high: 98 };

/**
 * The MeshNets of brainchop (MIT): trained on whole conformed heads, 1 mm, axes LIA, intensities 0 to 1, by the minimum and
 * maximum or by the quantiles of 2 and 98 %.
 */
export const MESH_NETS: readonly MeshNet[] = (
  [
    ['meshnet_model5_gw_ae', MIN_MAX],
    ['meshnet_model11_gw_ae', QUANTILES],
    ['meshnet_model18cls', MIN_MAX],
    ['meshnet_mindgrab', QUANTILES]
  ] as const
).map(([name, intensity]) => ({ name, weights: path.join(SHARED, 'models', `${name}.onnx`), intensity }));

export const hasMeshNets = existsSync(BRAIN) && MESH_NETS.every(({ weights }) => existsSync(weights));
if (!hasMeshNets)
  console.warn('Comparisons on MeshNets are skipped: there is no ../shared/models beside the repository.');

interface Notes {
  readonly opset: number;
  readonly labels: Readonly<Record<string, string>> | readonly string[];
}

/** Makes a model folder of a MeshNet and the notes beside it. */
export async function makeModelFolder({ name, weights, intensity }: MeshNet, folder: string): Promise<void> {
  const notes = JSON.parse(readFileSync(weights.replace(/onnx$/, 'json'), 'utf8')) as Notes;
  const bytes = readFileSync(weights);
  const file: AutomaticModelFile = {
    format: 'voxcord-model/1',
    name: name.replaceAll('_', '-'),
    version: '1.0.0',
    title: name,
    licence: { name: 'MIT', attribution: 'Copyright (c) 2021 neuroneural/brainchop' },
    intendedUse: 'Tests of Voxcord. Not for diagnosis.',
    limitations: 'Trained on whole conformed T1-weighted heads.',
    card: null,
    kind: 'automatic',
    weights: {
      file: 'model.onnx',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      opset: notes.opset
    },
    input: {
      tensor: 'input',
      modalities: ['MR'],
      orientation: 'LIA',
      spacing: [1, 1, 1],
      acceptedSpacing: { smallest: 0.3, largest: 3 },
      interpolation: 'linear',
      intensity,
      multipleOf: [1, 1, 1]
    },
    field: { kind: 'whole' },
    output: {
      tensor: 'output',
      scores: 'logits',
      segments: Object.entries(notes.labels)
        .filter(([channel]) => channel !== '0')
        .map(([channel, title]) => ({
          channel: Number(channel),
          name: title,
          kind: 'structure',
          colour: '#56b4e9',
          codes: []
        })),
      cleanUp: null
    }
  };
  await mkdir(folder, { recursive: true });
  await copyFile(weights, path.join(folder, 'model.onnx'));
  await writeFile(path.join(folder, 'model.json'), JSON.stringify(file));
}
