import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RequestError } from './errors.js';

const PARTS: Readonly<Record<string, string>> = { params: 'address', querystring: 'query', body: 'body' };

/** Telling which items of a list are there twice takes a time that grows with its square. */
const LONG_LIST = 5000;

/** No body of ours is nested half as deeply; what is compared and explained by functions that call themselves has an end. */
const DEEPEST = 32;

/**
 * Checks requests against their schemas. Numbers in addresses and queries come as text and are converted; bodies are
 * taken as they are: nothing is converted, filled in or dropped.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const isText = httpPart === 'params' || httpPart === 'querystring';
  return (data: unknown) => {
    const { depth, longestList } = extentOf(data);
    if (depth > DEEPEST) return { error: new RequestError('request.invalid', 'The request is nested too deeply.') };
    const value = isText ? validator.Convert(data) : data;
    if (validator.Check(value)) return { value };
    const [first] = longestList > LONG_LIST ? [] : validator.Errors(value);
    const where = first === undefined || first.instancePath === '' ? '' : ` at ${first.instancePath}`;
    const part = PARTS[httpPart ?? ''] ?? 'request';
    const why = first === undefined ? '' : `: ${first.message}`;
    return { error: new RequestError('request.invalid', `The ${part} is not as expected${where}${why}.`) };
  };
};

/** How deeply objects and lists hold one another, and the length of the longest list, down to what is too deep. */
function extentOf(value: unknown): { depth: number; longestList: number } {
  let [depth, longestList] = [0, 0];
  // Level by level and not by calling itself: a body may be nested deeper than the stack.
  for (let level = [value].filter(isNested); level.length > 0 && depth <= DEEPEST; depth++) {
    for (const each of level) if (Array.isArray(each)) longestList = Math.max(longestList, each.length);
    level = level.flatMap((each): unknown[] => Object.values(each)).filter(isNested);
  }
  return { depth, longestList };
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
