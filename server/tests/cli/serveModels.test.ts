import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { API_PREFIX, IDENTITY_HEADER, ModelList } from '@voxcord/schemas/api';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeFixture } from '../models/modelFolders.js';
import { SECRET, serve } from './command.js';
import { identityOfAnna } from './identity.js';

let folder: string;
let data: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-serve-models-'));
  data = path.join(folder, 'data');
  placeFixture(path.join(data, 'models'), 'never-ends', 'z-never-ends');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The models of a service that is started with these options, once `isThere`. */
async function modelsOf(options: readonly string[], isThere: (list: ModelList) => boolean): Promise<ModelList> {
  const service = await serve(['--port', '0', '--data', data, ...options], { VOXCORD_MODELS: '' });
  try {
    const headers = { [IDENTITY_HEADER]: await identityOfAnna(SECRET) };
    for (;;) {
      const response = await fetch(`${service.address}${API_PREFIX}/models`, { headers });
      const list = Value.Parse(ModelList, await response.json());
      if (isThere(list)) return list;
      // The service answers so many questions a second, and no more.
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  } finally {
    expect(await service.stop('SIGTERM')).toBe(0);
  }
}

test('the trial of a model takes as long as whoever runs the service allows, and a refusal says how long that was', async () => {
  const short = await modelsOf(['--model-trial-seconds', '1'], ({ refused }) => refused.length > 0);
  expect(short.refused).toMatchObject([{ folder: 'z-never-ends', problem: { code: 'model.timed-out' } }]);
  expect(short.refused[0]?.problem.detail).toContain('after 1 seconds');
  placeFixture(path.join(data, 'models'), 'threshold');
  const long = await modelsOf(['--model-trial-seconds', '600'], ({ models }) => models.length > 0);
  expect(long).toMatchObject({ refused: [], checking: ['z-never-ends'] });
});
