import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { voxcord } from '../cli/command.js';
import { hasPython, python } from '../imaging/python.js';
import { CASES, type ParityCase } from './support/parityCases.js';

/*
 * `voxcord infer` gives the numbers of the reference: NumPy, SciPy and ONNX Runtime for Python, written as plainly as
 * docs/contributors/inference.md defines the pipeline.
 */

interface Compared {
  /** Null: another number of channels or voxels. */
  readonly scores: number | null;
  readonly labels: number;
  readonly used: readonly number[];
  readonly sameGrid: boolean;
  readonly types: readonly [string, string];
}

const DIFFERENCE = 1e-4;
/** The first test waits for all runs. */
const MINUTES = 5 * 60_000;
const NETWORKS = {
  random: fileURLToPath(new URL('./networks/random.onnx', import.meta.url)),
  threshold: fileURLToPath(new URL('../models/fixtures/threshold/model.onnx', import.meta.url))
} as const;

const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-parity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const placeOf = ({ name, file }: ParityCase): Readonly<Record<'model' | 'image' | 'labels' | 'scores', string>> => {
  const place = path.join(folder, name);
  return {
    model: path.join(place, 'model'),
    image: path.join(place, file),
    labels: path.join(place, 'labels.nii.gz'),
    scores: path.join(place, 'scores.nii')
  };
};

async function infer(each: ParityCase): Promise<void> {
  const { model, image, labels, scores } = placeOf(each);
  const { code, stderr } = await voxcord(['infer', model, image, '-o', labels, '--scores', scores, '--threads', '1']);
  if (code !== 0) throw new Error(`${each.name}: ${stderr}`);
}

async function inferAll(): Promise<Compared[]> {
  python('../../inference/python/make_cases.py', [], {
    folder,
    cases: CASES.map(each => ({ ...each, network: NETWORKS[each.network], opset: 18 }))
  });
  const waiting = CASES.values();
  const lane = async (): Promise<void> => {
    for (const each of waiting) await infer(each);
  };
  await Promise.all([lane(), lane()]);
  return python('../../inference/python/compare_cases.py', [], CASES.map(placeOf)) as Compared[];
}

describe.skipIf(!hasPython)('voxcord infer gives the numbers of the reference', () => {
  const compared = hasPython ? inferAll() : Promise.resolve([]);
  compared.catch(() => undefined);

  test.each(CASES.map((each, n) => [each.name, n] as const))(
    '%s',
    async (_, n) => {
      const found = (await compared)[n];
      expect(found?.scores).toBeLessThanOrEqual(DIFFERENCE);
      expect(found?.labels).toBe(0);
      // A result without different labels would prove little.
      expect(found?.used.length).toBeGreaterThan(1);
      expect(found?.sameGrid).toBe(true);
      expect(found?.types).toEqual(['uint8', 'float32']);
    },
    MINUTES
  );
});
