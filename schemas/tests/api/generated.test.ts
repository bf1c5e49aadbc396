import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeGeneratedFiles } from '../../src/api/generatedFiles.js';
import { API_PREFIX, operations } from '../../src/api/operations.js';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
const folder = path.join(workspace, 'generated');
const { version } = JSON.parse(readFileSync(path.join(workspace, 'package.json'), 'utf8')) as { version: string };
const files = makeGeneratedFiles(version);

test('generated/ is what the schemas say (if not: node schemas/scripts/generate.mjs)', () => {
  const committed = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.json'));
  expect(committed.map(name => name.split(path.sep).join('/')).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(readFileSync(path.join(folder, name), 'utf8'), name).toBe(text);
});

test('every operation is in the OpenAPI document, behind the identity', () => {
  const document = JSON.parse(files.get('openapi.json') ?? '{}') as {
    security: unknown;
    paths: Record<string, Record<string, { operationId: string; security?: unknown; responses: object }>>;
  };
  expect(document.security).toEqual([{ identity: [] }]);
  const found = Object.values(document.paths).flatMap(methods => Object.values(methods));
  expect(found.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(operations).sort());
  expect(found.filter(operation => operation.security !== undefined)).toEqual([]);
  for (const [name, operation] of Object.entries(operations)) {
    const described = document.paths[`${API_PREFIX}${operation.path}`]?.[operation.method.toLowerCase()];
    expect(described?.operationId).toBe(name);
    expect(Object.keys(described?.responses ?? {})).toContain(String(operation.status));
  }
});

test('every reference in the OpenAPI document leads somewhere', () => {
  const text = files.get('openapi.json') ?? '';
  const document = JSON.parse(text) as { components: { schemas: object } };
  const wanted = [...text.matchAll(/"#\/components\/schemas\/([A-Za-z]+)"/g)].map(([, name]) => name);
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter(name => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([]);
});
