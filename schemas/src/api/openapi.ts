import type { TSchema } from 'typebox';
import { IDENTITY_HEADER } from './people.js';
import { API_PREFIX, operations, type Operation } from './operations.js';
import { Problem } from './problems.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

const BYTES: JsonObject = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };

/** The REST API as an OpenAPI 3.1 document, made from the operations. Schemas with a title become components. */
export function makeOpenApi(version: string): JsonObject {
  const components = new Map<string, Json>();
  const all: Readonly<Record<string, Operation>> = operations;
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, operation] of Object.entries(all)) {
    const path = `${API_PREFIX}${operation.path}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(name, operation, components) };
  }
  const problem = reference(Problem, components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Voxcord service',
      version,
      description:
        'Projects, cases, reads and volumes. Label maps are painted in rooms (WebSocket `/rooms/read:<id>`). Errors ' +
        'are RFC 9457 problems with a stable `code`.'
    },
    security: [{ identity: [] }],
    paths,
    components: {
      securitySchemes: {
        identity: {
          type: 'apiKey',
          in: 'header',
          name: IDENTITY_HEADER,
          description: 'JWS (HS256) that the Jupyter server puts on each request; see the schema IdentityClaims.'
        }
      },
      responses: {
        Problem: { description: 'Refused or failed', content: { 'application/problem+json': { schema: problem } } }
      },
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)))
    }
  };
}

function describe(name: string, operation: Operation, components: Map<string, Json>): JsonObject {
  return {
    operationId: name,
    summary: operation.summary,
    ...parameters(operation, components),
    ...requestBody(operation, components),
    responses: {
      [String(operation.status)]: response(operation, components),
      ...(operation.binaryResponse === true
        ? {
            '206': { description: 'The range that was asked for', content: BYTES },
            '304': { description: 'The caller has these bytes (ETag)' }
          }
        : {}),
      default: { $ref: '#/components/responses/Problem' }
    }
  };
}

function parameters(operation: Operation, components: Map<string, Json>): JsonObject {
  const list: Json[] = [];
  for (const [place, schema] of [
    ['path', operation.params],
    ['query', operation.query]
  ] as const) {
    const { properties, required } = plain(schema ?? {}, components);
    if (!isObject(properties)) continue;
    for (const [name, property] of Object.entries(properties)) {
      const isRequired = Array.isArray(required) && required.includes(name);
      list.push({ name, in: place, required: isRequired, schema: property });
    }
  }
  if (operation.binaryResponse === true) {
    list.push({ name: 'range', in: 'header', required: false, schema: { type: 'string' }, description: 'One range' });
  }
  return list.length === 0 ? {} : { parameters: list };
}

function requestBody(operation: Operation, components: Map<string, Json>): JsonObject {
  if (operation.binaryBody === true) return { requestBody: { required: true, content: BYTES } };
  if (operation.body === undefined) return {};
  const schema = reference(operation.body, components);
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function response(operation: Operation, components: Map<string, Json>): JsonObject {
  if (operation.binaryResponse === true) {
    return { description: 'The bytes; they never change', content: BYTES };
  }
  if (operation.response === undefined) return { description: 'Done' };
  return {
    description: 'Done',
    content: { 'application/json': { schema: reference(operation.response, components) } }
  };
}

/** A schema as JSON, with a reference in place of each schema that has a title; those are added to `components`. */
function reference(schema: TSchema, components: Map<string, Json>): Json {
  return replaceTitled(toJson(schema), components);
}

function replaceTitled(value: Json, components: Map<string, Json>): Json {
  if (isArray(value)) return value.map(item => replaceTitled(item, components));
  if (!isObject(value)) return value;
  const replaced = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceTitled(item, components)])
  );
  const { title } = value;
  // A property that is called title is a schema, not a text.
  if (typeof title !== 'string') return replaced;
  components.set(title, replaced);
  return { $ref: `#/components/schemas/${title}` };
}

function plain(schema: TSchema, components: Map<string, Json>): JsonObject {
  const json = toJson(schema);
  if (!isObject(json)) return {};
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, replaceTitled(item, components)]));
}

function toJson(schema: TSchema): Json {
  const parsed: unknown = JSON.parse(JSON.stringify(schema));
  if (!isJson(parsed)) throw new TypeError('A schema is not JSON');
  return parsed;
}

function isJson(value: unknown): value is Json {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === 'object' && Object.values(value).every(isJson);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
