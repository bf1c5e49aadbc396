import { createHash } from 'node:crypto';

/** Told apart on grey images, by colour-blind people too (Okabe and Ito, without black). */
const PALETTE = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

/** The colour that `wanted` gives, or one that always is the same for this person. */
export function personColour(username: string, wanted: string | undefined): string {
  if (wanted !== undefined && /^#[0-9a-f]{6}$/i.test(wanted)) return wanted.toLowerCase();
  const digest = createHash('sha256').update(username).digest();
  return PALETTE[digest.readUInt32BE(0) % PALETTE.length] ?? PALETTE[0];
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
