import type { ProtocolChange, ProtocolContent } from '../api/index.js';

type Leaves = ReadonlyMap<string, { readonly pointer: string; readonly text: string }>;

/** Members that name the entries of a list: entries are compared with those of the same name, wherever they stand. */
const NAMES = ['number', 'id'] as const;

/**
 * What differs between two versions of a protocol, value by value. `path` is a JSON pointer (RFC 6901) into the later
 * version, or into the earlier one where the value is gone.
 */
export function changesBetween(before: ProtocolContent, after: ProtocolContent): ProtocolChange[] {
  const earlier = leavesOf(before);
  const later = leavesOf(after);
  const changes: ProtocolChange[] = [];
  for (const [key, { pointer, text }] of earlier) {
    const now = later.get(key);
    if (now === undefined) changes.push({ path: pointer, before: text, after: null });
    else if (now.text !== text) changes.push({ path: now.pointer, before: text, after: now.text });
  }
  for (const [key, { pointer, text }] of later) {
    if (!earlier.has(key)) changes.push({ path: pointer, before: null, after: text });
  }
  return changes;
}

function leavesOf(content: ProtocolContent): Leaves {
  const leaves = new Map<string, { pointer: string; text: string }>();
  walk(content, '', '', leaves);
  return leaves;
}

function walk(
  value: unknown,
  key: string,
  pointer: string,
  leaves: Map<string, { pointer: string; text: string }>
): void {
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      walk(item, `${key}/${nameOf(item) ?? String(index)}`, `${pointer}/${index}`, leaves);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, item] of Object.entries(value)) {
      const part = member.replace(/~/gu, '~0').replace(/\//gu, '~1');
      walk(item, `${key}/${part}`, `${pointer}/${part}`, leaves);
    }
  } else {
    leaves.set(key, { pointer, text: typeof value === 'string' ? value : JSON.stringify(value) });
  }
}

function nameOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null;
  for (const [member, value] of Object.entries(item)) {
    if (NAMES.some(name => name === member)) return `=${String(value)}`;
  }
  return null;
}
