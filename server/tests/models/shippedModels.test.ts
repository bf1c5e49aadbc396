import path from 'node:path';
import { expect, test } from 'vitest';
import { shippedModels } from '../../src/models/shippedModels.js';

test('models that come with the program lie beside the server, or where the environment says', () => {
  expect(path.relative(import.meta.dirname, shippedModels({}) ?? '')).toBe(path.join('..', '..', '..', 'models'));
  expect(shippedModels({ VOXCORD_MODELS: '/srv/models' })).toBe('/srv/models');
  expect(shippedModels({ VOXCORD_MODELS: '' })).toBeNull();
});
