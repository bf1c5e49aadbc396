import type { TranslationBundle } from '@jupyterlab/translation';
import type { Model, Person } from '@voxcord/schemas/api';
import {
  type AutomaticModelFile,
  type Intensity,
  type ModelFile,
  type ModelSegment,
  isModel
} from '@voxcord/schemas/models';
import { threeDigits } from '../ui/numbers.js';

/** `liver-phantom@1.0.0` */
export function nameAndVersion({ name, version }: Pick<ModelFile, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** Name and version of a model that is a reader: `liver-phantom@1.0.0`. Of people: their username. */
export function modelIdOf({ username }: Pick<Person, 'username'>): string {
  return isModel(username) ? username.slice(username.indexOf(':') + 1) : username;
}

/** As much of a hash as tells two models apart at a glance. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 8);
}

/** What an image must be, and at which voxels the network works: "CT, 0.5–5 mm; works at 1.5 mm". */
export function needsText(file: ModelFile, trans: TranslationBundle): string {
  const modalities = file.input.modalities.join(trans.__(' or '));
  if (file.kind === 'prompted') {
    const { spacing } = file.input;
    return trans.__('%1; %2', modalities, worksAt(spacing === null ? null : [spacing], trans));
  }
  const { acceptedSpacing, spacing } = file.input;
  return trans.__(
    '%1 with voxels of %2 to %3 mm; %4',
    modalities,
    threeDigits(acceptedSpacing.smallest),
    threeDigits(acceptedSpacing.largest),
    worksAt(spacing, trans)
  );
}

function worksAt(spacing: readonly number[] | null, trans: TranslationBundle): string {
  if (spacing === null) return trans.__('works on the voxels of the image');
  const sizes = new Set(spacing).size === 1 ? spacing.slice(0, 1) : spacing;
  return trans.__('works at %1 mm', sizes.map(size => threeDigits(size)).join(' × '));
}

/** How values are prepared. */
export function intensityText(intensity: Intensity, trans: TranslationBundle): string {
  switch (intensity.kind) {
    case 'window':
      return trans.__('window from %1 to %2', threeDigits(intensity.low), threeDigits(intensity.high));
    case 'min-max':
      return trans.__('lowest to highest value');
    case 'percentiles':
      return trans.__('percentiles %1 to %2', threeDigits(intensity.low), threeDigits(intensity.high));
    case 'z-score':
      return intensity.over === 'all'
        ? trans.__('z-score over all voxels')
        : trans.__('z-score over voxels that are not 0');
    case 'none':
      return trans.__('values as they are');
  }
}

/** How the network goes over an image. */
export function fieldText({ field }: AutomaticModelFile, trans: TranslationBundle): string {
  if (field.kind === 'whole') return trans.__('the whole image at once');
  return trans.__(
    'patches of %1 voxels, overlapping by %2 %',
    field.patch.join(' × '),
    Math.round(field.overlap * 100)
  );
}

/** `SCT 10200004 Liver` */
export function codesText({ codes }: ModelSegment): string {
  return codes.map(({ scheme, value, meaning }) => `${scheme} ${value} ${meaning}`).join('; ');
}

/** What the model is run with, by file. */
export function weightsOf({ file }: Model): readonly { readonly file: string; readonly sha256: string }[] {
  return file.kind === 'automatic' ? [file.weights] : [file.encoder, file.decoder];
}
