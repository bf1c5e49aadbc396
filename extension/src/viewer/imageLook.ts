import type { Volume } from '@voxcord/schemas/api';
import type { Foreground } from './foreground.js';
import { quantile } from './valueSample.js';

/** Entries of a look's table. */
export const LOOK_ENTRIES = 256;

/** What the values of an image look like in space. */
export interface ImageLook {
  /** Values of the first and the last entry, in the unit of the volume. */
  readonly low: number;
  readonly high: number;
  /** RGBA per entry; alpha is the opacity of one voxel's length. */
  readonly table: Uint8Array;
  /** Nothing below this value is seen. */
  readonly seenFrom: number;
}

interface Stop {
  readonly value: number;
  readonly colour: readonly [number, number, number];
  readonly opacity: number;
}

const VESSEL = [188, 104, 82] as const;
const MARROW = [220, 172, 136] as const;
const BONE = [238, 224, 200] as const;
const ENAMEL = [255, 250, 240] as const;

/** Enhanced vessels and bone, in HU. */
const BONE_AND_VESSELS: readonly Stop[] = [
  { value: 130, colour: VESSEL, opacity: 0 },
  { value: 170, colour: VESSEL, opacity: 0.35 },
  { value: 220, colour: MARROW, opacity: 0.7 },
  { value: 320, colour: BONE, opacity: 0.95 },
  { value: 1200, colour: ENAMEL, opacity: 1 }
];
/** A CT in which not even this share of the voxels is as dense as bone shows its soft tissue instead. */
const BONE_SHARE = 0.001;
const BONE_HU = 250;

const SHADOWED = [150, 118, 100] as const;
const TISSUE = [214, 190, 170] as const;
const BRIGHT = [244, 234, 220] as const;

/**
 * The look that suits an image: bone and vessels of a CT, else the surface of what is not background.
 * `ascending` are values from all over the image.
 */
export function imageLookOf(
  { modality, range }: Pick<Volume, 'modality' | 'range'>,
  ascending: Float32Array,
  foreground: Foreground | null
): ImageLook {
  if (modality === 'CT' && quantile(ascending, 1 - BONE_SHARE) > BONE_HU) return lookOf(BONE_AND_VESSELS);
  const from = foreground?.threshold ?? quantile(ascending, 0.8);
  const high = Math.max(foreground?.high ?? range[1], from);
  // An image of one value has no surface.
  const span = high > from ? high - from : Math.max(1, Math.abs(from));
  return lookOf([
    { value: from, colour: SHADOWED, opacity: 0 },
    { value: from + 0.15 * span, colour: SHADOWED, opacity: 0.8 },
    { value: from + 0.4 * span, colour: TISSUE, opacity: 1 },
    { value: from + span, colour: BRIGHT, opacity: 1 }
  ]);
}

function lookOf(stops: readonly Stop[]): ImageLook {
  const low = stops[0]?.value ?? 0;
  const high = stops.at(-1)?.value ?? 1;
  const table = new Uint8Array(4 * LOOK_ENTRIES);
  for (let entry = 0; entry < LOOK_ENTRIES; entry++) {
    const { colour, opacity } = between(stops, low + ((high - low) * entry) / (LOOK_ENTRIES - 1));
    table.set([...colour, Math.round(255 * opacity)], 4 * entry);
  }
  return { low, high, table, seenFrom: low };
}

function between(stops: readonly Stop[], value: number): Omit<Stop, 'value'> {
  const after = stops.findIndex(stop => stop.value >= value);
  const [a, b] = [stops[Math.max(0, after - 1)], stops[Math.max(0, after)]];
  if (a === undefined || b === undefined) return { colour: BRIGHT, opacity: 1 };
  const share = b.value > a.value ? (value - a.value) / (b.value - a.value) : 0;
  const mixed = (from: number, to: number): number => from + share * (to - from);
  return {
    colour: [mixed(a.colour[0], b.colour[0]), mixed(a.colour[1], b.colour[1]), mixed(a.colour[2], b.colour[2])],
    opacity: mixed(a.opacity, b.opacity)
  };
}
