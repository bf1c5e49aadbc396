import { createHash } from 'node:crypto';
import { paletteColour } from '../palette.js';

/** The colour that `wanted` gives, or one that always is the same for this person. */
export function personColour(username: string, wanted: string | undefined): string {
  if (wanted !== undefined && /^#[0-9a-f]{6}$/i.test(wanted)) return wanted.toLowerCase();
  const digest = createHash('sha256').update(username).digest();
  return paletteColour(digest.readUInt32BE(0));
}

/** First letters of the first and the last word, in capitals. */
export function initialsOf(displayName: string): string {
  const words = displayName.split(/\s+/u).filter(word => word.length > 0);
  const first = firstLetter(words[0] ?? '');
  return words.length < 2 ? first : first + firstLetter(words.at(-1) ?? '');
}

function firstLetter(word: string): string {
  const [letter = ''] = word;
  return letter.toLocaleUpperCase('en').slice(0, 2);
}
