import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildRelease,
  FolderFiles,
  MemoryFiles,
  verifyRelease,
  writeReleaseArchive,
  writeReleaseFolder,
  type ReleaseContent
} from '../../src/truth/index.js';
import { voxcord } from '../cli/command.js';
import { bytesOf } from './support/resigned.js';
import { sampleContent, sampleRelease } from './support/sampleRelease.js';

const PYTHON = path.resolve(import.meta.dirname, '../../../.venv/bin/python');

/** Outlines in pictures: red, green, blue, opaque. */
const LESION = Buffer.from('90ee90ff', 'hex');
const FIRST_READER = Buffer.from('e69f00ff', 'hex');

let release: MemoryFiles;
let folder: string;

beforeAll(async () => {
  release = await sampleRelease();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxcord-release-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function textOf(name: string): Promise<string> {
  return Buffer.from(await release.read(name)).toString();
}

async function jsonOf(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await textOf(name)) as Record<string, unknown>;
}

async function archiveHash(): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of await writeReleaseArchive(release, 'liver-1.0.0')) hash.update(part);
  return hash.digest('hex');
}

describe('An exported release', () => {
  it('is the same bytes each time it is made', async () => {
    expect(await bytesOf(await sampleRelease())).toEqual(await bytesOf(release));
    expect(await archiveHash()).toBe(await archiveHash());
  });

  it('is written whole into a new or an empty folder, and never over something', async () => {
    const target = path.join(folder, 'release');
    await writeReleaseFolder(release, target);
    expect(await verifyRelease(new FolderFiles(target))).toEqual(await verifyRelease(release));
    await expect(writeReleaseFolder(release, target)).rejects.toMatchObject({ code: 'release.folder' });
    await mkdir(path.join(folder, 'empty'));
    await writeReleaseFolder(release, path.join(folder, 'empty'));
    expect((await verifyRelease(new FolderFiles(path.join(folder, 'empty')))).valid).toBe(true);
  });

  it('comes out of its archive as it went in', async () => {
    const file = path.join(folder, 'release.zip');
    const parts: Buffer[] = [];
    for await (const part of await writeReleaseArchive(release, 'liver-1.0.0')) parts.push(Buffer.from(part));
    await writeFile(file, Buffer.concat(parts));
    execFileSync(PYTHON, ['-m', 'zipfile', '-e', file, folder]);
    expect((await verifyRelease(new FolderFiles(path.join(folder, 'liver-1.0.0')))).valid).toBe(true);
  });

  it('is checked by the command: 0 valid, 1 broken and named, 2 no such folder', async () => {
    const target = path.join(folder, 'release');
    await writeReleaseFolder(release, target);
    const valid = await voxcord(['verify', target, '--json']);
    expect(valid.code).toBe(0);
    expect(JSON.parse(valid.stdout)).toEqual(await verifyRelease(release));
    await writeFile(path.join(target, 'datasheet.md'), 'another text');
    const broken = await voxcord(['verify', target, '--json']);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({ valid: false, broken: { record: 'datasheet.md' } });
    expect(broken.stderr).toBe('');
    expect((await voxcord(['verify', path.join(folder, 'nothing')])).code).toBe(2);
  });

  it('holds maps that nibabel reads at the place in space of the image file', async () => {
    if (!existsSync(PYTHON)) throw new Error('The tests need .venv: run npm test once.');
    const target = path.join(folder, 'release');
    await writeReleaseFolder(release, target);
    const code = `
import json, sys
from pathlib import Path
import nibabel, numpy
root = Path(sys.argv[1])
for case in json.loads((root / "release.json").read_text())["cases"]:
    image = nibabel.load(root / case["truth"]["path"])
    grid, file = case["geometry"]["grid"], case["geometry"]["fileGrid"]
    assert image.shape == tuple(file["dims"])
    assert numpy.allclose(image.affine[:3].ravel(), file["affine"], atol=1e-5)
    turned = nibabel.as_closest_canonical(image)
    assert turned.shape == tuple(grid["dims"])
    assert numpy.allclose(turned.affine[:3].ravel(), grid["affine"], atol=1e-4)
    soft = nibabel.load(root / case["soft"][0]["path"])
    labels = numpy.asarray(image.dataobj)
    assert numpy.array_equal(numpy.asarray(soft.dataobj) > 0.5, labels == 2)
    assert set(numpy.unique(labels)) == {0, 1, 2}
    assert image.header.get_xyzt_units()[0] == "mm"
`;
    expect(execFileSync(PYTHON, ['-c', code, target]).toString()).toBe('');
  });
});

describe('Metadata', () => {
  it('in RO-Crate name every file, and lead from reads to truth', async () => {
    const graph = (await jsonOf('ro-crate-metadata.json'))['@graph'] as Record<string, unknown>[];
    const ids = new Set(graph.map(node => node['@id']));
    expect(ids.size).toBe(graph.length);
    const files = (await release.list()).map(entry => entry.path);
    expect(files.filter(file => !ids.has(file))).toEqual([]);
    const references = [...JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g)].map(([, id]) => id);
    expect(references.filter(id => !ids.has(id) && id !== 'https://w3id.org/ro/crate/1.1')).toEqual([]);
    const runs = graph.filter(node => node['@type'] === 'CreateAction');
    expect(runs).toHaveLength(2);
    expect(runs).toMatchObject([
      { object: { length: 3 }, result: { length: 2 } },
      // A model stands beside the three readers.
      { object: { length: 4 }, result: { length: 2 } }
    ]);
  });

  it('in Croissant have all properties of RAI 1.0, and the hash of every map', async () => {
    const croissant = await jsonOf('croissant.json');
    expect(Object.keys(croissant).filter(key => key.startsWith('rai:'))).toHaveLength(20);
    for (const { '@id': file, sha256 } of croissant['distribution'] as { '@id': string; sha256: string }[]) {
      expect(sha256).toBe(await release.hash(file));
    }
  });

  it('in the datasheet answer all seven sections', async () => {
    const sheet = await textOf('datasheet.md');
    expect([...sheet.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Motivation',
      'Composition',
      'Collection',
      'Preprocessing and labelling',
      'Uses',
      'Distribution',
      'Maintenance'
    ]);
    expect(sheet).not.toMatch(/undefined|null|\*\*: *$/m);
  });

  it('in the report need nothing but the page, escape what people wrote, and hold readable pictures', async () => {
    const report = await textOf('report.html');
    expect(report).not.toMatch(/<script|src="(?!data:)|url\(|@import/);
    expect(report).toContain('Lesion &lt;5 mm &amp; &quot;odd&quot;');
    const pictures = [...report.matchAll(/data:image\/png;base64,([A-Za-z0-9+/=]+)/g)];
    expect(pictures).toHaveLength(8);
    for (const [, base64] of pictures) {
      const picture = PNG.sync.read(Buffer.from(base64 ?? '', 'base64'));
      expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(300);
      expect(picture.data.includes(LESION) || picture.data.includes(FIRST_READER)).toBe(true);
    }
  });
});

describe('Content that contradicts itself is not released', () => {
  async function refusal(change: (content: ReleaseContent) => ReleaseContent): Promise<unknown> {
    return buildRelease(change(sampleContent()), new MemoryFiles()).then(
      () => null,
      (error: unknown) => error
    );
  }

  function withFirstCase(
    change: (first: ReleaseContent['cases'][number]) => Partial<ReleaseContent['cases'][number]>
  ): (content: ReleaseContent) => ReleaseContent {
    return content => ({
      ...content,
      cases: content.cases.map((each, index) => (index === 0 ? { ...each, ...change(each) } : each))
    });
  }

  it.each<[string, (content: ReleaseContent) => ReleaseContent]>([
    [
      'voxels that are not those of the revision',
      withFirstCase(({ truth, reads }) => ({
        reads: reads.map((read, n) => (n === 0 ? { ...read, load: truth } : read))
      }))
    ],
    ['a truth on another grid', withFirstCase(() => ({ truth: () => Promise.resolve(new Uint8Array(7)) }))],
    ['a consensus of reads that are not there', withFirstCase(({ reads }) => ({ reads: reads.slice(1) }))],
    ['a read of another image', withFirstCase(({ image }) => ({ image: { ...image, volume: 'ab'.repeat(32) } }))],
    [
      'a protocol that was edited',
      content => ({ ...content, protocols: content.protocols.map(each => ({ ...each, content: { readers: 1 } })) })
    ],
    ['reads under a protocol that is not there', content => ({ ...content, protocols: content.protocols.slice(1) })],
    ['data without an origin', content => ({ ...content, dataset: { ...content.dataset, origin: '' } })],
    ['a version that is no version', content => ({ ...content, version: '1.0' })]
  ])('%s', async (_, change) => {
    expect(await refusal(change)).toMatchObject({ name: 'TruthError', code: 'release.content' });
  });
});
