import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImagingError, type ImagingErrorCode } from '../../src/imaging/errors.js';
import { importFile, type ImportedVolume } from '../../src/imaging/importFile.js';
import { ImportCancelled, runImport } from '../../src/imaging/importThread.js';
import { DEFAULT_LIMITS, type ImagingLimits } from '../../src/imaging/limits.js';
import { acceptedHeaders, refusedHeaders } from './headerFixtures.js';
import { makeNifti, type NiftiRecipe } from './niftiFile.js';

let folder = '';
let scratch = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-import-'));
  scratch = path.join(folder, 'scratch');
  mkdirSync(scratch);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(
  bytes: Uint8Array,
  limits = DEFAULT_LIMITS,
  frame: number | null = null
): Promise<ImportedVolume[]> {
  const file = path.join(folder, 'volume');
  writeFileSync(file, bytes);
  return importFile({ path: file, frame, limits, scratch, prefix: 'test-' }, () => undefined);
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const [imported] = await read(bytes);
  return imported?.volume.hash ?? '';
}

async function refusal(
  bytes: Uint8Array,
  limits?: ImagingLimits,
  frame?: number
): Promise<ImagingErrorCode | 'accepted'> {
  try {
    await read(bytes, limits, frame ?? null);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ImagingError)) throw error;
    expect(error.message.length).toBeGreaterThan(40);
    expect(readdirSync(scratch)).toEqual([]);
    return error.code;
  }
}

describe('the name of a volume', () => {
  const content: NiftiRecipe = { dims: [3, 4, 5], slope: 2, intercept: -1024 };

  test('is the SHA-256 of its descriptor in canonical JSON, a newline and its voxels', async () => {
    const descriptor =
      '{"affine":[-2,0,0,10,0,3,0,-20,0,0,4,30],"dims":[3,4,5],"intercept":-1024,"slope":2,"voxelType":"int16"}\n';
    const voxels = Int16Array.from({ length: 60 }, (_, n) => n);
    const expected = createHash('sha256').update(descriptor).update(new Uint8Array(voxels.buffer)).digest('hex');
    expect(await hashOf(makeNifti(content))).toBe(expected);
  });

  test('does not depend on how the file stores it', async () => {
    const name = await hashOf(makeNifti(content));
    const others = [
      gzipSync(makeNifti(content)),
      gzipSync(makeNifti(content), { level: 1 }),
      makeNifti({ ...content, littleEndian: false }),
      makeNifti({ ...content, version: 2 }),
      gzipSync(makeNifti({ ...content, version: 2, littleEndian: false })),
      makeNifti({ ...content, descrip: 'another scanner' }),
      Buffer.concat([makeNifti(content), Buffer.from('trailing')])
    ];
    for (const other of others) expect(await hashOf(other)).toBe(name);
  });

  test('changes with one voxel, one number of the affine, the scaling or the voxel type', async () => {
    const voxels = Array.from({ length: 60 }, (_, n) => n);
    const names = [
      await hashOf(makeNifti({ ...content, voxels })),
      await hashOf(makeNifti({ ...content, voxels: [...voxels.slice(0, 59), 60] })),
      await hashOf(makeNifti({ ...content, affine: [-2, 0, 0, 10.5, 0, 3, 0, -20, 0, 0, 4, 30] })),
      await hashOf(makeNifti({ ...content, slope: 1 })),
      await hashOf(makeNifti({ ...content, dims: [4, 3, 5] })),
      await hashOf(makeNifti({ ...content, datatype: 512 }))
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('of a frame is that of the frame alone in a file', async () => {
    const frames = [0, 1, 2].map(f => Array.from({ length: 60 }, (_, n) => 100 * f + n));
    const series = await read(makeNifti({ dims: [3, 4, 5, 3], voxels: frames.flat() }));
    expect(series.map(({ volume }) => volume.frame)).toEqual([0, 1, 2]);
    expect(series.map(({ volume }) => volume.frames)).toEqual([3, 3, 3]);
    for (const [index, voxels] of frames.entries()) {
      expect(series[index]?.volume.hash).toBe(await hashOf(makeNifti({ voxels })));
    }
  });
});

describe('a frame that is named', () => {
  const series = makeNifti({ dims: [3, 4, 5, 3] });

  test('is imported alone', async () => {
    const volumes = await read(gzipSync(series), DEFAULT_LIMITS, 2);
    expect(volumes.map(({ volume }) => [volume.frame, volume.range])).toEqual([[2, [120, 179]]]);
  });

  test('must exist', async () => {
    expect(await refusal(series, DEFAULT_LIMITS, 3)).toBe('frame.unknown');
  });
});

describe('a header is read as the fixtures say', () => {
  test.each(acceptedHeaders())('$why', async ({ recipe, descriptor, hash }) => {
    const [imported] = await read(makeNifti(recipe));
    const { fileGrid, voxelType, slope, intercept } = imported?.volume ?? {};
    expect({ ...fileGrid, voxelType, slope, intercept }).toEqual(descriptor);
    expect(imported?.volume.hash).toBe(hash);
  });
});

describe('a file that lies or is damaged is refused before memory is taken', () => {
  const damaged: readonly (readonly [string, ImagingErrorCode, () => Uint8Array])[] = [
    ['an empty file', 'nifti.truncated', () => new Uint8Array(0)],
    ['a file of another kind', 'nifti.magic', () => new TextEncoder().encode('x'.repeat(1000))],
    ['a header cut short', 'nifti.truncated', () => makeNifti({}).subarray(0, 200)],
    ['voxels cut short', 'nifti.truncated', () => makeNifti({}).subarray(0, 400)],
    ['compressed voxels cut short', 'nifti.truncated', () => gzipSync(makeNifti({}).subarray(0, 400))],
    ['a compressed stream cut short', 'nifti.truncated', () => gzipSync(makeNifti({}), { level: 0 }).subarray(0, 420)],
    ['a wrong checksum', 'gzip.corrupt', () => withWrongChecksum()],
    ['damaged compressed data', 'gzip.corrupt', () => gzipSync(makeNifti({})).fill(0xff, 20, 60)],
    ['a gzip bomb', 'gzip.bomb', () => gzipSync(makeNifti({ dims: [512, 512, 300] }))],
    ['an extension beyond the voxels', 'nifti.extension', () => withExtension(4096)],
    ['an extension of negative size', 'nifti.extension', () => withExtension(-16)]
  ];

  test.each(damaged)('%s: %s', async (_, code, make) => {
    expect(await refusal(make())).toBe(code);
  });

  test.each(refusedHeaders())('$why: $code', async ({ recipe, code }) => {
    expect(await refusal(makeNifti(recipe))).toBe(code);
  });

  test('a limit of the service counts', async () => {
    expect(await refusal(makeNifti({}), { ...DEFAULT_LIMITS, volumeBytes: 119 })).toBe('volume.too-large');
    expect(await refusal(makeNifti({}), { ...DEFAULT_LIMITS, volumeBytes: 120 })).toBe('accepted');
  });

  test('a file that is not there', async () => {
    const nowhere = { path: path.join(folder, 'nowhere'), frame: null, limits: DEFAULT_LIMITS, scratch, prefix: '' };
    await expect(importFile(nowhere, () => undefined)).rejects.toMatchObject({ code: 'file.unreadable' });
    await expect(importFile({ ...nowhere, path: folder }, () => undefined)).rejects.toMatchObject({
      code: 'file.unreadable'
    });
  });

  test('any damage to a header is either refused with a typed error or harmless', async () => {
    const good = makeNifti({ dims: [2, 2, 2] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(347), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (changes, compressed) => {
          const bytes = good.slice();
          for (const [at, value] of changes) bytes[at] = value;
          await refusal(compressed ? gzipSync(bytes) : bytes);
          for (const name of readdirSync(scratch)) rmSync(path.join(scratch, name));
        }
      ),
      { seed: 20261001, numRuns: 400 }
    );
  });
});

describe('an import in its own thread', () => {
  test('gives what the import in this thread gives, with progress', async () => {
    const file = path.join(folder, 'volume.nii.gz');
    writeFileSync(file, gzipSync(makeNifti({ dims: [3, 4, 5, 3] })));
    const fractions: number[] = [];
    const task = { path: file, frame: null, limits: DEFAULT_LIMITS, scratch };
    const volumes = await runImport(task, fraction => fractions.push(fraction), new AbortController().signal);
    const here = await importFile({ ...task, prefix: 'here-' }, () => undefined);
    expect(volumes.map(({ volume }) => volume)).toEqual(here.map(({ volume }) => volume));
    expect(volumes.map(({ renditionPath }) => readFileSync(renditionPath))).toEqual(
      here.map(({ renditionPath }) => readFileSync(renditionPath))
    );
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  test('passes a refusal on', async () => {
    const file = path.join(folder, 'volume.nii');
    writeFileSync(file, makeNifti({ datatype: 128 }));
    const running = runImport(
      { path: file, frame: null, limits: DEFAULT_LIMITS, scratch },
      () => undefined,
      new AbortController().signal
    );
    await expect(running).rejects.toMatchObject({ name: 'ImagingError', code: 'nifti.datatype' });
  });

  test('leaves nothing behind when it is cancelled', async () => {
    const file = path.join(folder, 'volume.nii');
    writeFileSync(file, makeNifti({ dims: [4, 4, 4, 60] }));
    const abort = new AbortController();
    const running = runImport(
      { path: file, frame: null, limits: DEFAULT_LIMITS, scratch },
      () => abort.abort(),
      abort.signal
    );
    await expect(running).rejects.toThrow(ImportCancelled);
    expect(readdirSync(scratch)).toEqual([]);
  });
});

function withExtension(size: number): Uint8Array {
  const file = makeNifti({ voxOffset: 352 + 32 });
  const bytes = new Uint8Array(file.byteLength + 32);
  bytes.set(file.subarray(0, 352));
  bytes[348] = 1;
  new DataView(bytes.buffer).setInt32(352, size, true);
  return bytes;
}

function withWrongChecksum(): Uint8Array {
  const bytes = gzipSync(makeNifti({}));
  bytes.fill(0, bytes.byteLength - 8, bytes.byteLength - 4);
  return bytes;
}
