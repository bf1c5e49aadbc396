import { InvalidArgumentError } from 'commander';
import { READER_PROFILE_NAMES, type ReaderProfileName } from '../phantom/readers/profiles.js';
import { PHASES, type Phase } from '../phantom/tissues.js';

/** Throws `InvalidArgumentError`. */
export function phasesOption(text: string): Phase[] {
  return text.split(',').map(name => {
    const phase = PHASES.find(known => known === name.trim());
    if (phase === undefined) throw new InvalidArgumentError(`Phases are ${PHASES.join(', ')}.`);
    return phase;
  });
}

/** Throws `InvalidArgumentError`. */
export function profilesOption(text: string): ReaderProfileName[] {
  return text.split(',').map(name => {
    const profile = READER_PROFILE_NAMES.find(known => known === name.trim());
    if (profile === undefined) throw new InvalidArgumentError(`Profiles are ${READER_PROFILE_NAMES.join(', ')}.`);
    return profile;
  });
}

/** Three numbers with commas or x between them, as in 0.8,0.8,2.5. Throws `InvalidArgumentError`. */
export function tripleOption(text: string): [number, number, number] {
  const [x, y, z, ...more] = text.split(/[x,]/).map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (x === undefined || y === undefined || z === undefined || more.length > 0 || !isFinite(x + y + z)) {
    throw new InvalidArgumentError('Give three numbers, such as 0.8,0.8,2.5.');
  }
  return [x, y, z];
}

/** Diameters in mm, with commas between them; `none` for no nodule. Throws `InvalidArgumentError`. */
export function diametersOption(text: string): number[] {
  if (text === 'none') return [];
  const diameters = text.split(',').map(Number);
  if (!diameters.every(size => size > 0)) throw new InvalidArgumentError('Give diameters in mm, such as 8,15,24.');
  return diameters;
}
