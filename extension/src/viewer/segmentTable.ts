import type { SegmentAppearance } from './contracts.js';

/** Bytes of a colour table: 256 x 2 texels RGBA; row 0 is the fill, row 1 the outline. */
export const TABLE_BYTES = 2 * 256 * 4;
const OUTLINE_ROW = 256 * 4;
/** A number that somebody painted and nobody has named yet must be seen. */
const UNKNOWN: readonly [number, number, number] = [200, 200, 200];
const UNKNOWN_OPACITY = 0.5;

/** `#rrggbb` to 0..255; grey for anything else. */
export function parseColour(colour: string): readonly [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (match === null) return UNKNOWN;
  return [parseInt(match[1] ?? '', 16), parseInt(match[2] ?? '', 16), parseInt(match[3] ?? '', 16)];
}

/** The colour table of the label texture: colour, visibility and opacity per segment number. */
export function segmentTable(segments: readonly SegmentAppearance[]): Uint8Array {
  const table = new Uint8Array(TABLE_BYTES);
  const set = (number: number, colour: readonly [number, number, number], fill: number, outline: number): void => {
    table.set([...colour, Math.round(fill * 255)], number * 4);
    table.set([...colour, Math.round(outline * 255)], OUTLINE_ROW + number * 4);
  };
  for (let number = 1; number < 256; number++) set(number, UNKNOWN, UNKNOWN_OPACITY, 1);
  for (const { segment, visible, opacity } of segments) {
    const fill = visible ? Math.min(1, Math.max(0, opacity)) : 0;
    set(segment.number, parseColour(segment.colour), fill, visible ? 1 : 0);
  }
  return table;
}
