/** Colours of readers in pictures and charts (Okabe and Ito): told apart by colour-blind people, on black and white. */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

export function readerColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? COLOURS[0];
}
