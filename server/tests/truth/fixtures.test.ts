import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyRelease } from '../../src/truth/index.js';
import { AUDIT_OVERLAYS } from './support/brokenAudits.js';
import { MODEL_OVERLAYS } from './support/brokenModelReads.js';
import { SEAL_OVERLAYS } from './support/brokenSeals.js';
import { bytesOf, OVERLAY_MAKERS } from './support/resigned.js';
import { sampleRelease } from './support/sampleRelease.js';
import { SIMPLE_EDITS } from './support/simpleEdits.js';
import {
  GOOD_RELEASE,
  OVERLAYS,
  readFolder,
  readTamperings,
  releaseOf,
  tamper,
  type Tampering
} from './support/tampering.js';

const MAKERS = { ...OVERLAY_MAKERS, ...AUDIT_OVERLAYS, ...SEAL_OVERLAYS, ...MODEL_OVERLAYS };
const TAMPERINGS: readonly Tampering[] = [
  ...SIMPLE_EDITS,
  ...Object.entries(MAKERS).map(([folder, { record }]): Tampering => ({
    name: folder.replaceAll('-', ' '),
    edits: [{ op: 'overlay', folder }],
    record
  }))
];

/** Writes the fixtures anew: VOXCORD_WRITE_FIXTURES=1 npx vitest run --root server tests/truth/fixtures.test.ts */
async function writeFixtures(): Promise<void> {
  rmSync(GOOD_RELEASE, { recursive: true, force: true });
  rmSync(OVERLAYS, { recursive: true, force: true });
  writeFolder(GOOD_RELEASE, await bytesOf(await sampleRelease()));
  for (const [name, { make }] of Object.entries(MAKERS)) writeFolder(path.join(OVERLAYS, name), await make());
  writeFileSync(path.join(OVERLAYS, 'edits.json'), `${JSON.stringify(TAMPERINGS, null, 2)}\n`);
}

function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
}

if (process.env['VOXCORD_WRITE_FIXTURES'] === '1') await writeFixtures();

function hexOf(files: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]));
}

describe('The fixtures', () => {
  it('are what the program makes, byte for byte', async () => {
    expect(hexOf(readFolder(GOOD_RELEASE))).toEqual(hexOf(await bytesOf(await sampleRelease())));
  });

  it('of broken releases are what the program makes, byte for byte', async () => {
    expect(readTamperings()).toEqual(TAMPERINGS);
    for (const [name, { make }] of Object.entries(MAKERS)) {
      expect(hexOf(readFolder(path.join(OVERLAYS, name))), name).toEqual(hexOf(await make()));
    }
  });
});

describe('A release on the disk', () => {
  it('is valid as it is', async () => {
    const verdict = await verifyRelease(await releaseOf(readFolder(GOOD_RELEASE)));
    expect(verdict).toMatchObject({ valid: true, cases: 2, labelMaps: 9, files: 20 });
  });

  it.each(readTamperings())('is broken by: $name', async ({ edits, record }) => {
    const verdict = await verifyRelease(await tamper(readFolder(GOOD_RELEASE), edits));
    expect(verdict).toMatchObject({ valid: false, broken: { record } });
  });
});
