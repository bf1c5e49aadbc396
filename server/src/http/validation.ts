import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RequestError } from './errors.js';

const PARTS: Readonly<Record<string, string>> = { params: 'address', querystring: 'query', body: 'body' };

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
    const [first] = validator.Errors(value);
    const where = first === undefined || first.instancePath === '' ? '' : ` at ${first.instancePath}`;
    const part = PARTS[httpPart ?? ''] ?? 'request';
    return {
      error: new RequestError('request.invalid', `The ${part} is not as expected${where}: ${first?.message ?? ''}.`)
    };
  };
};
