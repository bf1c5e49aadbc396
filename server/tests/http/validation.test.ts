import Type from 'typebox';
import { expect, test } from 'vitest';
import { compileValidator } from '../../src/http/validation.js';

const SCHEMA = Type.Object({ cases: Type.Array(Type.String(), { maxItems: 200, uniqueItems: true }) });

function refusal(body: unknown): string {
  const validate = compileValidator({ schema: SCHEMA, method: 'POST', url: '/', httpPart: 'body' });
  const result: unknown = validate(body);
  const isRefused = typeof result === 'object' && result !== null && 'error' in result;
  return isRefused ? String(result.error) : '';
}

test('a body is refused with the place and the reason', () => {
  expect(refusal({ cases: ['a', 'b'] })).toBe('');
  expect(refusal({ cases: ['a', 'a'] })).toContain('The body is not as expected at /cases: ');
});

// A body of a mebibyte holds as many; telling which of them are there twice took minutes, of everybody's time.
test('a long list of the same is refused soon', () => {
  const cases = new Array<string>(300_000).fill('');
  expect(refusal({ cases })).toContain('The body is not as expected.');
});

test('a body that is nested deeper than the stack is refused', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  for (const depth of [33, 1000, 250_000]) expect(refusal({ cases: [nested(depth)] })).toContain('nested too deeply');
  expect(refusal({ cases: [nested(20)] })).toContain('at /cases/0');
});
