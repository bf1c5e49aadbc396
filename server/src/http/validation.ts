import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RequestError } from './errors.js';

const PARTS: Readonly<Record<string, string>> = { params: 'address', querystring: 'query', body: 'body' };

/** Telling which items of a list are there twice takes a time that grows with its square. */
const LONG_LIST = 5000;

/**
 * Checks requests against their schemas. Numbers in addresses and queries come as text and are converted; bodies are
 * taken as they are: nothing is converted, filled in or dropped.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const isText = httpPart === 'params' || httpPart === 'querystring';
  return (data: unknown) => {
    const value = isText ? validator.Convert(data) : data;
    if (validator.Check(value)) return { value };
    const [first] = hasLongList(value) ? [] : validator.Errors(value);
    const where = first === undefined || first.instancePath === '' ? '' : ` at ${first.instancePath}`;
    const part = PARTS[httpPart ?? ''] ?? 'request';
    const why = first === undefined ? '' : `: ${first.message}`;
    return { error: new RequestError('request.invalid', `The ${part} is not as expected${where}${why}.`) };
  };
};

function hasLongList(value: unknown): boolean {
  // Not by calling itself: a body may be nested deeper than the stack.
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next) && next.length > LONG_LIST) return true;
    for (const each of Object.values(next)) waiting.push(each);
  }
  return false;
}
