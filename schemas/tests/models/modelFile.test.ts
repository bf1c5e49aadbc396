import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  type AutomaticModelFile,
  isModel,
  ModelFile,
  ModelFileError,
  type ModelFileErrorCode,
  modelReader,
  modelUsername,
  parseModelFile
} from '../../src/models/index.js';

const SEED = 20261123;

function text(folder: string, name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${folder}/ModelFile/${name}`, import.meta.url)), 'utf8');
}

function names(folder: string): string[] {
  return readdirSync(fileURLToPath(new URL(`../../${folder}/ModelFile`, import.meta.url)));
}

function automatic(): AutomaticModelFile {
  const file = parseModelFile(text('fixtures', 'automatic.json'));
  if (file.kind !== 'automatic') throw new Error('The fixture is another model');
  return file;
}

function refusalOf(content: string): ModelFileError | null {
  try {
    parseModelFile(content);
    return null;
  } catch (error) {
    if (error instanceof ModelFileError) return error;
    throw error;
  }
}

function refused(change: (file: AutomaticModelFile) => object): { code: ModelFileErrorCode | null; text: string } {
  const error = refusalOf(JSON.stringify(change(automatic())));
  return { code: error?.code ?? null, text: error?.message ?? '' };
}

describe('a description of a model', () => {
  // What is twice is looked for in short lists only: it took minutes for as many items as a description has room for.
  test('with a list that is far too long is refused for that, soon', () => {
    const ones = new Array<number>(120_000).fill(1);
    const channels = refused(({ output, ...file }) => ({
      ...file,
      output: { ...output, cleanUp: { smallestMl: 0, largestOnly: ones } }
    }));
    expect(channels.text).toContain('/output/cleanUp/largestOnly must not have more than 255 items');
    const modalities = refused(({ input, ...file }) => ({
      ...file,
      input: { ...input, modalities: ones.map(() => 'CT') }
    }));
    expect(modalities.text).toContain('/input/modalities must not have more than 2 items');
  });

  test.each(names('fixtures'))('%s is read', name => {
    expect(parseModelFile(text('fixtures', name))).toEqual(JSON.parse(text('fixtures', name)));
  });

  test.each(names('negative'))('%s is refused with a text for people', name => {
    const error = refusalOf(text('negative', name));
    expect(error?.code).toBe('model.not-described');
    expect(error?.message).toMatch(/^model\.json does not describe a model: .+\.$/);
    expect(error?.message).not.toContain('anyOf');
  });

  test('says where it is wrong, in the alternative that was meant', () => {
    const place = (change: (file: AutomaticModelFile) => object): string =>
      refused(change).text.replace('model.json does not describe a model: ', '');
    expect(place(({ licence, ...file }) => (licence.name === '' ? {} : file))).toBe('it lacks licence.');
    expect(place(file => ({ ...file, field: { ...file.field, overlap: 2 } }))).toBe('/field/overlap must be <= 0.9.');
    expect(place(file => ({ ...file, field: { kind: 'tiles' } }))).toBe('/field/kind must be one of whole, window.');
    expect(place(file => ({ ...file, kind: 'magic' }))).toBe('/kind must be one of automatic, prompted.');
    expect(place(file => ({ ...file, command: 'sh' }))).toBe('/command is not part of the format.');
    expect(place(file => ({ ...file, input: { ...file.input, modalities: ['CT', 'PT'] } }))).toBe(
      '/input/modalities/1 must be one of CT, MR.'
    );
    expect(place(file => ({ ...file, name: 'My model' }))).toBe(
      '/name must be: Lower-case letters, digits and single hyphens.'
    );
  });

  test('is refused if it contradicts itself', () => {
    const { input, output, field } = automatic();
    const [liver, nodule] = output.segments;
    const contradictions: Partial<AutomaticModelFile>[] = [
      { input: { ...input, acceptedSpacing: { smallest: 2, largest: 1 } } },
      { input: { ...input, intensity: { kind: 'window', low: 10, high: 10 } } },
      { input: { ...input, intensity: { kind: 'percentiles', low: 99, high: 1 } } },
      { input: { ...input, multipleOf: [8, 8, 32] } },
      { field: { kind: 'window', patch: [512, 512, 512], overlap: 0, blending: 'constant' } },
      { output: { ...output, segments: [{ ...(liver ?? raise()) }, { ...(nodule ?? raise()), channel: 1 }] } },
      { output: { ...output, segments: [{ ...(liver ?? raise()) }, { ...(nodule ?? raise()), name: ' LIVER' }] } },
      { output: { ...output, cleanUp: { smallestMl: 0, largestOnly: [7] } } }
    ];
    expect(field.kind).toBe('window');
    for (const part of contradictions) {
      const { code, text: told } = refused(file => ({ ...file, ...part }));
      expect(code, JSON.stringify(part)).toBe('model.contradiction');
      expect(told).toMatch(/^model\.json contradicts itself: .+\.$/);
    }
    const prompted = JSON.parse(text('fixtures', 'prompted.json')) as Record<string, object>;
    expect(refusalOf(JSON.stringify({ ...prompted, decoder: prompted.encoder }))?.code).toBe('model.contradiction');
    const shouting = JSON.stringify({ ...prompted, decoder: { ...prompted['encoder'], file: 'ENCODER.onnx' } });
    expect(prompted['encoder']).toMatchObject({ file: 'encoder.onnx' });
    expect(refusalOf(shouting)?.code).toBe('model.contradiction');
    expect(refusalOf(JSON.stringify({ ...prompted, features: ['prompts'] }))?.code).toBe('model.contradiction');
  });

  test('is a valid one or refused, whatever was changed in it', () => {
    const originals = names('fixtures').map(name => text('fixtures', name));
    const wild = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(null, '', -1, 0, 1e308, [], {}, '__proto__', '../model.onnx', 'kind', 'whole', 'window')
    );
    const change = fc.record({ at: fc.nat(), how: fc.constantFrom('replace', 'remove', 'add', 'rename'), value: wild });
    let valid = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (original, changes) => {
          let content: unknown = JSON.parse(original);
          for (const { at, how, value } of changes) content = mutate(content, at, how, value);
          const changed = JSON.stringify(content);
          if (refusalOf(changed) !== null) return;
          valid += 1;
          expect(Value.Check(ModelFile, JSON.parse(changed))).toBe(true);
        }
      ),
      { seed: SEED, numRuns: 600 }
    );
    expect(valid).toBeGreaterThan(0);
  });

  test('is a valid one or refused, whatever characters it is made of', () => {
    const original = text('fixtures', 'automatic.json');
    fc.assert(
      fc.property(fc.nat(original.length), fc.nat(40), fc.string({ maxLength: 8, unit: 'binary' }), (at, drop, put) => {
        refusalOf(original.slice(0, at) + put + original.slice(at + drop));
      }),
      { seed: SEED, numRuns: 400 }
    );
    for (const hostile of ['['.repeat(100_000), '{"a":'.repeat(100_000), '', 'null', '1e999', '{"__proto__":{}}']) {
      expect(refusalOf(hostile)).toBeInstanceOf(ModelFileError);
    }
  });
});

test('a model is a reader among readers, with its version in its name', () => {
  const { name, version, title } = automatic();
  expect(modelUsername({ name, version })).toBe('model:liver-nodules@1.2.0');
  expect(isModel(modelUsername({ name, version }))).toBe(true);
  expect(isModel('anna')).toBe(false);
  expect(modelReader({ name, version, title })).toMatchObject({
    username: 'model:liver-nodules@1.2.0',
    displayName: 'Liver and nodules 1.2.0'
  });
});

/** One change at the `at`-th place of a value, counted through all its members. */
function mutate(value: unknown, at: number, how: string, put: unknown): unknown {
  const holders: (unknown[] | Record<string, unknown>)[] = [];
  const collect = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return;
    holders.push(one as Record<string, unknown>);
    Object.values(one).forEach(collect);
  };
  collect(value);
  const places = holders.flatMap(holder => Object.keys(holder).map(key => ({ holder, key })));
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return put;
  const { holder, key } = place;
  if (Array.isArray(holder)) {
    if (how === 'remove') holder.splice(Number(key), 1);
    else if (how === 'replace') holder[Number(key)] = put;
    else holder.push(put);
    return value;
  }
  if (how === 'remove' || how === 'rename') Reflect.deleteProperty(holder, key);
  if (how === 'replace') holder[key] = put;
  if (how === 'rename') holder[`${key}s`] = put;
  if (how === 'add')
    Object.defineProperty(holder, String(put), { value: put, enumerable: true, configurable: true, writable: true });
  return value;
}

function raise(): never {
  throw new Error('The fixture lacks a segment');
}
