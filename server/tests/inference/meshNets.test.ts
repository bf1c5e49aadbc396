import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { voxcord } from '../cli/command.js';
import { hasPython, python } from '../imaging/python.js';
import { BRAIN, hasMeshNets, makeModelFolder, MESH_NETS } from './support/meshNets.js';

/*
 * Networks that others have trained, on a head that others have scanned. With the wrong order of axes they agree on 99 % of
 * the voxels: so the labels must be equal.
 *
 *   VOXCORD_MESHNETS=all   all networks on the whole head, which takes minutes; else one on a part of it
 */

const isFull = process.env.VOXCORD_MESHNETS === 'all';
const nets = isFull ? MESH_NETS : MESH_NETS.slice(0, 1);
const MINUTES = 120 * 60_000;

const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-meshnets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!hasPython || !hasMeshNets).each(nets.map(net => [net.name, net] as const))(
  '%s labels a head as the reference does',
  async (name, net) => {
    const place = (file: string): string => path.join(folder, `${name}-${file}`);
    const [model, labels, scores] = [place('model'), place('labels.nii.gz'), place('scores.nii')];
    const part = place('part.nii');
    const image = isFull ? BRAIN : part;
    await makeModelFolder(net, model);
    if (!isFull) {
      const box = { first: [50, 70, 60], size: [72, 60, 66] };
      python('../../inference/python/crop_image.py', [], { image: BRAIN, ...box, to: part });
    }
    const { code, stdout, stderr } = await voxcord(['infer', model, image, '-o', labels, '--scores', scores, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const [found] = python('../../inference/python/compare_cases.py', [], [{ model, image, labels, scores }]) as [
      { readonly scores: number; readonly labels: number; readonly used: readonly number[]; readonly sameGrid: boolean }
    ];
    if (isFull) console.warn(name, JSON.stringify(found), stdout);
    expect(found.scores).toBeLessThanOrEqual(1e-4);
    expect(found.labels).toBe(0);
    expect(found.used.length).toBeGreaterThan(1);
    expect(found.sameGrid).toBe(true);
  },
  MINUTES
);
