import { nullTranslator } from '@jupyterlab/translation';
import type { Signing, SigningKey } from '@voxcord/schemas/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VoxcordApi } from '../../src/client/api.js';
import { SigningModel } from '../../src/signing/signingModel.js';
import { Service, isServiceBuilt } from '../client/support/service.js';

const trans = nullTranslator.load('voxcord');
const PASSPHRASE = 'seven quiet slices';

describe.skipIf(!isServiceBuilt)('signing, against the real service', () => {
  const service = new Service();

  beforeAll(() => service.start(), 60_000);
  afterAll(() => service.dispose());

  /** What is signed here: the change of one's own passphrase to itself, which takes the right one too. */
  function modelFor(api: VoxcordApi): SigningModel<SigningKey> {
    return new SigningModel({
      api,
      trans,
      meaning: 'authorship',
      sign: ({ passphrase }: Signing) => api.call('setPassphrase', { body: { passphrase, current: passphrase } })
    });
  }

  it('begins with choosing a passphrase: long enough, and the same twice', async () => {
    const api = await service.apiFor('first');
    const model = modelFor(api);
    await model.load();
    expect(model.isFirst).toBe(true);

    model.fill({ passphrase: 'too short' });
    expect(await model.attempt()).toBeNull();
    expect(model.problem).toContain('at least 10');
    model.fill({ passphrase: PASSPHRASE, repeated: 'seven quiet slides' });
    expect(await model.attempt()).toBeNull();
    expect(model.problem).toContain('not the same');
    expect((await api.call('getSigningKey', {})).keyId).toBeNull();

    model.fill({ passphrase: PASSPHRASE, repeated: PASSPHRASE, remark: ' kept ' });
    expect((await model.attempt())?.signed.keyId).toMatch(/^[0-9a-f]{64}$/);
    expect(model.filled).toMatchObject({ passphrase: '', repeated: '' });
  });

  it('is refused with a wrong passphrase, says so in words, and is locked after too many', async () => {
    const api = await service.apiFor('forgetful');
    await api.call('setPassphrase', { body: { passphrase: PASSPHRASE } });
    const model = modelFor(api);
    await model.load();
    expect(model.isFirst).toBe(false);
    let attempts = 0;
    while (model.lockedUntil === null && attempts < 20) {
      attempts++;
      model.fill({ passphrase: 'seven noisy slices' });
      expect(await model.attempt()).toBeNull();
      expect(model.problem).toMatch(/passphrase/);
      expect(model.filled.passphrase).toBe('');
    }
    expect(model.lockedUntil).not.toBeNull();
    expect(attempts).toBeGreaterThan(2);
    expect(model.problem).toContain('You can sign again from');
    expect(model.mayTry).toBe(false);
    model.fill({ passphrase: PASSPHRASE });
    expect(await model.attempt()).toBeNull();
    model.dispose();
  });
});
