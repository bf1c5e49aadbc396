import { parseColour } from './segmentTable.js';

/** Sequential and even in lightness (after "inferno" of matplotlib): legible for every colour vision. */
const WARM = ['#000004', '#210c4a', '#57106e', '#8a226a', '#bc3754', '#e45a31', '#f98e09', '#f9cb35', '#fcffa4'];
/** As even, but cold (after "mako" of seaborn): not to be taken for the other. */
const COLD = ['#0b0405', '#2b1c35', '#3e356b', '#3b5698', '#357ba3', '#38a3ad', '#57c6ae', '#a8e1bc', '#def5e5'];

/** Share of the range over which colours come out of the transparent. */
const FADE = 0.35;
const STRONGEST = 0.88;

/** 256 colours, RGBA: nothing at 0, then ever stronger. */
export function sequentialColours(stops: readonly string[]): Uint8ClampedArray {
  const colours = new Uint8ClampedArray(256 * 4);
  for (let value = 0; value < 256; value++) {
    const place = (value / 255) * (stops.length - 1);
    const lower = Math.min(stops.length - 2, Math.floor(place));
    const from = parseColour(stops[lower] ?? '');
    const to = parseColour(stops[lower + 1] ?? '');
    const part = place - lower;
    for (const channel of [0, 1, 2] as const) {
      colours[value * 4 + channel] = Math.round(from[channel] + (to[channel] - from[channel]) * part);
    }
    colours[value * 4 + 3] = Math.round(255 * STRONGEST * Math.min(1, value / 255 / FADE));
  }
  return colours;
}

/** One colour for each value that is named, nothing for the others. `opacity` 0 to 1. */
export function categoryColours(named: Readonly<Record<number, string>>, opacity: number): Uint8ClampedArray {
  const colours = new Uint8ClampedArray(256 * 4);
  for (const [value, colour] of Object.entries(named)) {
    colours.set([...parseColour(colour), Math.round(255 * opacity)], Number(value) * 4);
  }
  return colours;
}

/** How far readers disagree. */
export const DISAGREEMENT_COLOURS = sequentialColours(WARM);
/** How probable a segment is. */
export const PROBABILITY_COLOURS = sequentialColours(COLD);
