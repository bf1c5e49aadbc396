import { CriterionError } from './errors.js';
import type { WrittenName } from './expression.js';
import { closest } from './parseExpression.js';
import { QUANTITIES, type QuantityName } from './quantities.js';

/** What the names in an expression can mean. */
export interface Vocabulary {
  readonly segments: readonly { readonly number: number; readonly name: string }[];
  /** Letters of the readers: A, B, C ... */
  readonly readers: readonly string[];
}

/** What a quantity is asked for; null and empty: for all. */
export interface Asked {
  readonly name: QuantityName;
  readonly segment: number | null;
  readonly readers: readonly string[];
}

/**
 * Finds out what the names in the brackets of a quantity mean. Throws `CriterionError` (`criterion.unknown-name`,
 * `criterion.arguments`).
 */
export function resolveAsked(name: QuantityName, written: readonly WrittenName[], vocabulary: Vocabulary): Asked {
  let segment: number | null = null;
  const readers: string[] = [];
  for (const [index, { text }] of written.entries()) {
    const found = index === 0 || readers.length === 0 ? findSegment(text, vocabulary) : null;
    // The letter of a reader is always the reader.
    if (vocabulary.readers.includes(text)) readers.push(text);
    else if (found !== null && index === 0) segment = found;
    else throw unknown(text, vocabulary);
  }
  checkCount(name, segment, readers);
  return { name, segment, readers };
}

function checkCount(name: QuantityName, segment: number | null, readers: readonly string[]): void {
  const { subject } = QUANTITIES[name];
  const count = readers.length;
  switch (subject) {
    case 'segment-and-reader':
      if (segment !== null && count <= 1) return;
      throw wrong(`${name} needs a segment: ${name}(tumour), or of one reader ${name}(tumour, "A").`);
    case 'segment-and-maybe-reader':
      if (count <= 1) return;
      throw wrong(`${name} takes a segment and one reader at most: ${name}(tumour, "A").`);
    case 'pairs':
      if (count === 0 || (count === 2 && readers[0] !== readers[1])) return;
      throw wrong(`${name} compares two different readers: ${name}("A", "B"), or all pairs without names.`);
    case 'maybe-segment':
      if (count === 0) return;
      throw wrong(`${name} takes a segment at most: ${name}(tumour).`);
    default:
      if (segment === null && count === 0) return;
      throw wrong(`${name} takes no names: write ${name} alone.`);
  }
}

/** By name; by name in another case if only one segment has it. */
function findSegment(text: string, { segments }: Vocabulary): number | null {
  const exact = segments.find(({ name }) => name === text);
  if (exact !== undefined) return exact.number;
  const similar = segments.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  return similar.length === 1 ? (similar[0]?.number ?? null) : null;
}

function unknown(text: string, { segments, readers }: Vocabulary): CriterionError {
  const known = [...segments.map(({ name }) => name), ...readers];
  const close = closest(text, known);
  const help =
    close !== null
      ? `Do you mean "${close}"?`
      : known.length === 0
        ? 'Add segments to the protocol first.'
        : `There are ${known
            .slice(0, 12)
            .map(name => `"${name}"`)
            .join(', ')}.`;
  return new CriterionError('criterion.unknown-name', `There is no segment or reader "${text}". ${help}`);
}

function wrong(text: string): CriterionError {
  return new CriterionError('criterion.arguments', text);
}
