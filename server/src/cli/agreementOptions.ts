import { InvalidArgumentError } from 'commander';
import { SURFACE_DEFINITIONS, type SurfaceDefinition } from '../agreement/definitions.js';
import { parseKappaRegion, type KappaRegion } from '../agreement/kappaRegion.js';

/** Throws `InvalidArgumentError`. */
export function kappaRegionOption(text: string): KappaRegion {
  const region = parseKappaRegion(text);
  if (region === null) throw new InvalidArgumentError('It is one of union, union-box, margin:MM, whole.');
  return region;
}

/** Throws `InvalidArgumentError`. */
export function definitionOption(text: string, previous: readonly SurfaceDefinition[]): readonly SurfaceDefinition[] {
  const definition = SURFACE_DEFINITIONS.find(known => known === text);
  if (definition === undefined) throw new InvalidArgumentError(`It is one of ${SURFACE_DEFINITIONS.join(', ')}.`);
  return [...previous, definition];
}

/** Throws `InvalidArgumentError`. */
export function segmentOption(text: string, previous: readonly number[]): readonly number[] {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 255) throw new InvalidArgumentError('A segment has a number from 1 to 255.');
  return [...previous, number];
}
