export type Vector = readonly [number, number, number];
