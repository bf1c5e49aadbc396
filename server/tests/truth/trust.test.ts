import { canonicalJson } from '@voxcord/schemas/files';
import { expect, it } from 'vitest';
import { buildRelease, MemoryFiles, sealRelease, signWithKeys, verifyRelease } from '../../src/truth/index.js';
import { KEYS, keyOfSeed, SERVICE, signerOf, DORA } from './support/keys.js';
import { sampleAudit, sampleContent, sampleRelease } from './support/sampleRelease.js';

const OWN = SERVICE.public.id;

/** All of a release made anew by somebody with a service key of his own. */
async function forgedRelease(): Promise<MemoryFiles> {
  const service = keyOfSeed(new Uint8Array(32).fill(99), { kind: 'service' });
  const files = new MemoryFiles();
  const release = await buildRelease({ ...sampleContent(), serviceKey: service.public.id, notes: 'forged' }, files);
  const act = { signer: signerOf(DORA), meaning: 'approval' as const, time: new Date('2026-02-06T08:30:00.000Z') };
  const signature = signWithKeys({ kind: 'release', sha256: release.sha256 }, act, DORA, [service]);
  const keys = new Map([...KEYS, [service.public.id, service.public]]);
  const time = new Date('2026-02-06T09:00:00.000Z');
  await sealRelease(release, { signatures: [signature], keys, audit: sampleAudit(), service, time }, files);
  return files;
}

it('tells the service key and whether it was compared', async () => {
  const release = await sampleRelease();
  expect(await verifyRelease(release)).toMatchObject({
    valid: true,
    serviceKey: OWN,
    serviceKeyTrusted: false,
    warnings: expect.arrayContaining([
      'The service key was not compared with the one that the site publishes.'
    ]) as unknown
  });
  const trusted = await verifyRelease(release, new Set(['0'.repeat(64), OWN]));
  expect(trusted).toMatchObject({ valid: true, serviceKeyTrusted: true });
  expect(canonicalJson(trusted)).not.toContain('compared');
});

it('finds a release that was made anew with other keys, which nothing else tells', async () => {
  const forged = await forgedRelease();
  expect(await verifyRelease(forged)).toMatchObject({ valid: true });
  expect(await verifyRelease(forged, new Set([OWN]))).toMatchObject({
    valid: false,
    broken: { record: 'signatures.json#seal' }
  });
});

it('is printed in the report and in the datasheet', async () => {
  const files = await sampleRelease();
  for (const path of ['report.html', 'datasheet.md', 'release.json']) {
    expect(Buffer.from(await files.read(path)).toString()).toContain(OWN);
  }
});

it('is named before it seals: another one cannot', async () => {
  const files = new MemoryFiles();
  const release = await buildRelease({ ...sampleContent(), serviceKey: '0'.repeat(64) }, files);
  const act = { signer: signerOf(DORA), meaning: 'approval' as const, time: new Date('2026-02-06T08:30:00.000Z') };
  const signature = signWithKeys({ kind: 'release', sha256: release.sha256 }, act, DORA, [SERVICE]);
  const options = { signatures: [signature], keys: KEYS, audit: sampleAudit(), service: SERVICE, time: new Date(0) };
  await expect(sealRelease(release, options, files)).rejects.toMatchObject({ code: 'release.content' });
});
