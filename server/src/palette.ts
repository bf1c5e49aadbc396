/** Told apart on grey images, by people with any colour vision (Okabe and Ito, without black). */
export const PALETTE = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

/** The same colour for the same number; repeats. */
export function paletteColour(number: number): string {
  return PALETTE[number % PALETTE.length] ?? PALETTE[0];
}
