import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Value } from 'typebox/value';

type Json = Readonly<Record<string, unknown>>;

/** Of longer arrays no item is looked at closely. */
const MOST_ITEMS = 1000;

/**
 * Where and how a value differs from a schema, for people; null if it does not. Of alternatives only the one is compared
 * that the value means: that with its `kind`, or that which is not null.
 */
export function describeMismatch(schema: TSchema, value: unknown): string | null {
  if (Value.Check(schema, value)) return null;
  const meant = narrow(schema, value);
  const [first] = Value.Errors(isObject(meant) ? meant : schema, value);
  return first === undefined ? 'it has another form.' : inWords(first, meant);
}

function inWords(error: TLocalizedValidationError, schema: unknown): string {
  const place = error.instancePath === '' ? 'it' : error.instancePath;
  switch (error.keyword) {
    case 'boolean':
      return `${place} is not part of the format.`;
    case 'required':
      return `${place} lacks ${error.params.requiredProperties.join(', ')}.`;
    case 'enum':
      return `${place} must be one of ${error.params.allowedValues.join(', ')}.`;
    case 'pattern': {
      const description = descriptionAt(schema, error.schemaPath);
      return description === null ? `${place} ${error.message}.` : `${place} must be: ${description}.`;
    }
    default:
      return `${place} ${error.message}.`;
  }
}

function descriptionAt(schema: unknown, pointer: string): string | null {
  let found = schema;
  for (const key of pointer.split('/').slice(1)) found = isRecord(found) ? ownValue(found, key) : undefined;
  return isObject(found) && typeof found.description === 'string' ? found.description : null;
}

/** The schema without the alternatives that the value does not mean. */
function narrow(schema: unknown, value: unknown): unknown {
  if (!isObject(schema)) return schema;
  const { anyOf, properties, items, maxItems, ...rest } = schema;
  // Finding what is twice in a long array would take minutes.
  if (Array.isArray(value) && typeof maxItems === 'number' && value.length > maxItems)
    return { type: 'array', maxItems };
  if (Array.isArray(anyOf)) return narrowUnion(schema, anyOf, value);
  if (isObject(properties) && isObject(value)) {
    const narrowed = Object.entries(properties).map(([name, property]) => [
      name,
      narrow(property, ownValue(value, name))
    ]);
    return { ...schema, properties: Object.fromEntries(narrowed) as Json };
  }
  if (isObject(items) && Array.isArray(value) && value.length <= MOST_ITEMS) {
    return { ...rest, prefixItems: value.map(item => narrow(items, item)) };
  }
  return schema;
}

function narrowUnion(schema: Json, branches: readonly unknown[], value: unknown): unknown {
  const literals = branches.map(constantOf);
  if (literals.every(literal => literal !== undefined)) return { enum: literals };
  const kinds = branches.map(kindOf);
  const allowed = kinds.filter(kind => kind !== undefined);
  if (allowed.length === branches.length) {
    const meant = isObject(value) ? kinds.indexOf(ownValue(value, 'kind')) : -1;
    if (meant >= 0) return narrow(branches[meant], value);
    return { type: 'object', properties: { kind: { enum: allowed } }, required: ['kind'] };
  }
  const [other] = branches.filter(branch => !isObject(branch) || branch.type !== 'null');
  return branches.length === 2 && value !== null && other !== undefined ? narrow(other, value) : schema;
}

function kindOf(schema: unknown): unknown {
  return isObject(schema) && isObject(schema.properties) ? constantOf(schema.properties.kind) : undefined;
}

function constantOf(schema: unknown): unknown {
  return isObject(schema) ? schema.const : undefined;
}

/** Of the object itself, never of its prototype. */
function ownValue(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): value is Json {
  return isRecord(value) && !Array.isArray(value);
}
