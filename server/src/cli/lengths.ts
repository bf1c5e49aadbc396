import { InvalidArgumentError } from 'commander';

/** A distance in mm on the command line, as programs print numbers: `2`, `0.5`, `.5`, `1e-3`. Null if it is none. */
export function parseLength(text: string): number | null {
  const length = Number(text);
  return /^[\d.]+(e[+-]?\d+)?$/i.test(text) && Number.isFinite(length) ? length : null;
}

/** Throws `InvalidArgumentError`. */
export function lengthOption(text: string): number {
  const length = parseLength(text);
  if (length === null) throw new InvalidArgumentError('It must be a number of mm, 0 or more.');
  return length;
}
