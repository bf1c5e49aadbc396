import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseModelFile, type AutomaticModelFile } from '@voxcord/schemas/models';

const NETWORK = fileURLToPath(new URL('../tests/inference/networks/random.onnx', import.meta.url));
/** Of the network, background among them. */
export const CLASSES = 5;

/**
 * Puts a small U-net with random weights, which works in windows and takes some minutes for a whole CT, into a folder.
 *
 * @param edge of a window, voxels
 * @param overlap of windows, a share
 */
export function makeRandomModel(folder: string, edge: number, overlap: number): AutomaticModelFile {
  mkdirSync(folder, { recursive: true });
  copyFileSync(NETWORK, path.join(folder, 'model.onnx'));
  const text = JSON.stringify({
    format: 'voxcord-model/1',
    name: 'random',
    version: '1.0.0',
    title: 'Random weights',
    licence: { name: 'BSD-3-Clause', attribution: '' },
    intendedUse: 'Measurements of Voxcord.',
    limitations: 'Its weights are random.',
    card: null,
    kind: 'automatic',
    weights: {
      file: 'model.onnx',
      sha256: createHash('sha256').update(readFileSync(NETWORK)).digest('hex'),
      opset: 18
    },
    input: {
      tensor: 'image',
      modalities: ['CT'],
      orientation: 'RAS',
      spacing: null,
      acceptedSpacing: { smallest: 0.1, largest: 10 },
      interpolation: 'linear',
      intensity: { kind: 'window', low: -200, high: 400 },
      multipleOf: [2, 2, 2]
    },
    field: { kind: 'window', patch: [edge, edge, edge], overlap, blending: 'gaussian' },
    output: {
      tensor: 'scores',
      scores: 'logits',
      segments: Array.from({ length: CLASSES - 1 }, (_, n) => ({
        channel: n + 1,
        name: `Segment ${n + 1}`,
        kind: 'structure',
        colour: '#56b4e9',
        codes: []
      })),
      cleanUp: { smallestMl: 1, largestOnly: [] }
    }
  });
  writeFileSync(path.join(folder, 'model.json'), text);
  return readModel(folder);
}

export function readModel(folder: string): AutomaticModelFile {
  const file = parseModelFile(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  if (file.kind !== 'automatic') throw new RangeError('This model labels nothing by itself.');
  return file;
}
