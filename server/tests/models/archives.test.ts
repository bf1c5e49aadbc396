import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelFileError } from '@voxcord/schemas/models';
import { unpackModel } from '../../src/models/archive.js';
import { ModelError } from '../../src/models/errors.js';
import { filesOf, fixture, temporaryFolder, zipOf } from './modelFolders.js';

const SEED = 20261123;
/** Of a file of a Unix system, in the upper half of the external attributes. */
const SYMBOLIC_LINK = 0o120777;

let temporary: ReturnType<typeof temporaryFolder>;
let count = 0;

beforeAll(() => (temporary = temporaryFolder()));
afterAll(() => temporary.remove());

const MODEL = filesOf(fixture('threshold'));

interface Unpacked {
  readonly code: string | null;
  readonly files: readonly string[];
  readonly folder: string;
  readonly reserved: readonly number[];
}

async function unpack(archive: Uint8Array): Promise<Unpacked> {
  count += 1;
  const file = path.join(temporary.folder, `${count}.zip`);
  const around = path.join(temporary.folder, `around-${count}`);
  const folder = path.join(around, 'model');
  mkdirSync(around);
  writeFileSync(file, archive);
  const reserved: number[] = [];
  const reserve = (bytes: number): Promise<void> => Promise.resolve(void reserved.push(bytes));
  const code = await unpackModel(file, folder, reserve).then(
    () => null,
    (error: unknown) => {
      if (error instanceof ModelError || error instanceof ModelFileError) return error.code;
      throw error;
    }
  );
  // Whatever comes: nothing lands beside.
  expect(readdirSync(around).filter(name => name !== 'model')).toEqual([]);
  const files = readdirSync(around).length === 0 ? [] : readdirSync(folder).sort();
  return { code, files, folder, reserved };
}

/** Another name of the same length, in both places where an archive says it. */
function renamed(archive: Buffer, from: string, to: string): Buffer {
  expect(to.length).toBe(from.length);
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Changes a number in the entry of a file in the directory at the end of an archive. */
function patched(archive: Buffer, name: string, offset: number, write: (at: number, bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(archive);
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 1)) {
    const found = bytes.toString('latin1', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    if (found === name) write(at + offset, bytes);
  }
  expect(bytes.equals(archive)).toBe(false);
  return bytes;
}

describe('an archive of a model', () => {
  test.each([
    ['of its files', ''],
    ['of its folder', 'threshold/'],
    ['of a folder in a folder', 'models/threshold/']
  ])('%s is unpacked: what the description names, and nothing else', async (_, under) => {
    const files = Object.fromEntries(Object.entries(MODEL).map(([name, content]) => [under + name, content]));
    const more = { [`${under}train.py`]: 'import os', [`${under}.upload.json`]: '{}', '__MACOSX/model.json': 'litter' };
    const { code, files: there, folder, reserved } = await unpack(await zipOf({ ...files, ...more }));
    expect([code, there]).toEqual([null, ['model.json', 'model.onnx']]);
    for (const name of there) expect(readFileSync(path.join(folder, name))).toEqual(MODEL[name]);
    expect(reserved).toEqual([Object.values(MODEL).reduce((bytes, { length }) => bytes + length, 0)]);
  });

  test('lacks nothing that its description names', async () => {
    const { 'model.onnx': weights = '', 'model.json': description = '' } = MODEL;
    expect((await unpack(await zipOf({ 'model.json': description }))).code).toBe('model.file-missing');
    expect((await unpack(await zipOf({ 'model.onnx': weights }))).code).toBe('model.no-description');
    expect((await unpack(await zipOf({ 'a/model.json': description, 'b/model.onnx': weights }))).code).toBe(
      'model.file-missing'
    );
    expect((await unpack(await zipOf({ ...MODEL, 'model.json': '{}' }))).code).toBe('model.not-described');
    expect((await unpack(await zipOf({}))).code).toBe('model.no-description');
  });
});

describe('an archive is refused', () => {
  test('if its files would land elsewhere', async () => {
    const archive = await zipOf({ 'abcdef/model.json': MODEL['model.json'] ?? '', ...MODEL });
    for (const name of ['../../../evil.json', '/////////evil.json', '..\\..\\..\\evil.json', 'C:/windows/evi.json']) {
      const to = name.padEnd('abcdef/model.json'.length, 'x').slice(0, 'abcdef/model.json'.length);
      expect((await unpack(renamed(archive, 'abcdef/model.json', to))).code, to).toBe('archive.paths');
    }
    expect((await unpack(await zipOf(MODEL, SYMBOLIC_LINK))).code).toBe('archive.paths');
  });

  test('if it holds a file twice', async () => {
    const archive = await zipOf({ ...MODEL, 'xodel.json': '{}' });
    expect((await unpack(renamed(archive, 'xodel.json', 'model.json'))).code).toBe('archive.paths');
  });

  test('if it holds two models', async () => {
    const both = { ...filesOf(fixture('threshold'), 'a/'), ...filesOf(fixture('slow'), 'b/') };
    expect((await unpack(await zipOf(both))).code).toBe('archive.paths');
    // Those in folders below a model are none of its files.
    expect((await unpack(await zipOf({ ...MODEL, ...both }))).code).toBeNull();
  });

  test('if it is encrypted, packed unusually, damaged or no archive', async () => {
    const archive = await zipOf(MODEL);
    const encrypted = patched(archive, 'model.onnx', 8, (at, bytes) => bytes.writeUInt16LE(1, at));
    expect((await unpack(encrypted)).code).toBe('archive.encrypted');
    const unusual = patched(archive, 'model.onnx', 10, (at, bytes) => bytes.writeUInt16LE(14, at));
    expect((await unpack(unusual)).code).toBe('archive.unreadable');
    expect((await unpack(archive.subarray(0, archive.length - 10))).code).toBe('archive.unreadable');
    expect((await unpack(Buffer.from('model.json'))).code).toBe('archive.unreadable');
    expect((await unpack(Buffer.alloc(0))).code).toBe('archive.unreadable');
    expect((await unpack(MODEL['model.onnx'] ?? Buffer.alloc(0))).code).toBe('archive.unreadable');
  });

  test('if it inflates beyond belief, whatever it says of itself', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${n}.txt`, '']));
    expect((await unpack(await zipOf({ ...MODEL, ...many }))).code).toBe('archive.too-large');
    const bomb = await zipOf({ ...MODEL, 'model.json': `${' '.repeat(50_000_000)}{}` });
    expect(bomb.length).toBeLessThan(100_000);
    expect((await unpack(bomb)).code).toBe('archive.too-large');
    // It says that the description is short.
    const liar = patched(bomb, 'model.json', 24, (at, bytes) => bytes.writeUInt32LE(1000, at));
    expect((await unpack(liar)).code).toBe('archive.unreadable');
    // It says that the weights are longer than any that are read; nothing is reserved for them.
    const huge = patched(await zipOf(MODEL), 'model.onnx', 24, (at, bytes) => bytes.writeUInt32LE(0xfffffffe, at));
    const refused = await unpack(huge);
    expect([refused.code, refused.files, refused.reserved]).toEqual(['archive.too-large', [], []]);
  });

  test('or unpacked, whatever was changed in it', async () => {
    const archive = await zipOf(MODEL);
    const change = fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255) });
    const codes = new Set<string | null>();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
        const bytes = Buffer.from(archive);
        for (const { at, byte } of changes) bytes[at] = byte;
        codes.add((await unpack(bytes)).code);
      }),
      { seed: SEED, numRuns: 200 }
    );
    expect(codes).toContain('archive.unreadable');
  });
});

test('if there is no room, nothing is written', async () => {
  const file = path.join(temporary.folder, 'full.zip');
  const folder = path.join(temporary.folder, 'full');
  writeFileSync(file, await zipOf(MODEL));
  const full = new Error('The disk is full');
  full.name = 'StoreError';
  await expect(unpackModel(file, folder, () => Promise.reject(full))).rejects.toBe(full);
  expect(readdirSync(temporary.folder)).not.toContain('full');
});
