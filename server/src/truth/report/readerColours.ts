/** Colours of readers in pictures and charts, the same as in a review: told apart by people with any colour vision. */
const COLOURS = ['#e69f00', '#cc79a7', '#00b583', '#f0e442', '#ff7f50', '#b3a2f7'] as const;

export function readerColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? COLOURS[0];
}
