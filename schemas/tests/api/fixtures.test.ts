import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { namedSchemas } from '../../src/api/generatedFiles.js';
import { CaseFileError, formatCaseFile, parseCaseFile } from '../../src/files/index.js';

interface Fixture {
  readonly schema: string;
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
}

/** Files `<folder>/<Schema>/<what>.json`; other files of the folder have tests of their own. */
function fixtures(folder: string): Fixture[] {
  const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && Object.hasOwn(namedSchemas, entry.name))
    .flatMap(({ name: schema }) =>
      readdirSync(path.join(root, schema)).map(file => {
        const text = readFileSync(path.join(root, schema, file), 'utf8');
        return { schema, name: `${schema}: ${path.basename(file, '.json')}`, text, value: JSON.parse(text) as unknown };
      })
    );
}

function isValid({ schema, value }: Fixture): boolean {
  const found = namedSchemas[schema];
  if (found === undefined) throw new Error(`There is no schema ${schema}`);
  return Value.Check(found, value);
}

const accepted = fixtures('fixtures');
const refused = fixtures('negative');

describe('accepted', () => {
  test.each(accepted)('$name', fixture => expect(isValid(fixture)).toBe(true));

  test('every schema has a fixture', () => {
    expect([...new Set(accepted.map(({ schema }) => schema))].sort()).toEqual(Object.keys(namedSchemas).sort());
  });
});

describe('refused', () => {
  test.each(refused)('$name', fixture => expect(isValid(fixture)).toBe(false));
});

describe('case files', () => {
  const isCaseFile = (fixture: Fixture): boolean => fixture.schema === 'CaseFile';

  test('are read and written without a change', () => {
    for (const { text } of accepted.filter(isCaseFile)) expect(formatCaseFile(parseCaseFile(text))).toBe(text);
  });

  test('are refused with a text for people', () => {
    const texts = [...refused.filter(isCaseFile).map(({ text }) => text), '', '{', 'not json', '\0'];
    for (const text of texts) expect(() => parseCaseFile(text), text).toThrow(CaseFileError);
  });
});
