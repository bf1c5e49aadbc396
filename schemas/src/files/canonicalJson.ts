/** A value that has no canonical JSON text. The message says where and why. */
export class CanonicalJsonError extends TypeError {
  override readonly name = 'CanonicalJsonError';
}

/**
 * JSON text that is the same for equal values (RFC 8785): members sorted by UTF-16 code units, numbers as ECMAScript
 * prints them, no white space. Takes plain JSON values; members that are undefined are left out, as `JSON.stringify`
 * does. Throws `CanonicalJsonError` for numbers that are not finite, for halves of surrogate pairs (which no UTF-8 file
 * can hold) and for what is no JSON value.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`;
  switch (typeof value) {
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    case 'string':
      return canonicalString(value);
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw new CanonicalJsonError('A number that is not finite cannot be kept as JSON.');
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      throw new CanonicalJsonError(`A value of type ${typeof value} cannot be kept as JSON.`);
  }
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) {
    throw new CanonicalJsonError('A text with half of a surrogate pair cannot be kept: remove the damaged character.');
  }
  return JSON.stringify(text);
}
