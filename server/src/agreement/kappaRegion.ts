/**
 * Which voxels a kappa over voxels counts. The more empty voxels are counted, the higher it is: a kappa without its
 * region says nothing.
 * - `union`: the voxels that anybody has painted.
 * - `union-box`: the smallest box around them.
 * - `margin`: that box, grown by so many mm (in whole voxels) on each side and cut at the border of the grid.
 * - `whole`: the whole grid.
 */
export type KappaRegion =
  | { readonly kind: 'union' }
  | { readonly kind: 'union-box' }
  | { readonly kind: 'margin'; readonly mm: number }
  | { readonly kind: 'whole' };

export const DEFAULT_KAPPA_REGION: KappaRegion = { kind: 'union-box' };

/** As it is written in results and on the command line: `union`, `union-box`, `margin:5`, `whole`. */
export function formatKappaRegion(region: KappaRegion): string {
  return region.kind === 'margin' ? `margin:${region.mm}` : region.kind;
}

/** Null if the text names no region. */
export function parseKappaRegion(text: string): KappaRegion | null {
  const mm = /^margin:([\d.]+(?:e[+-]?\d+)?)$/i.exec(text)?.[1];
  if (mm !== undefined) return Number.isFinite(Number(mm)) ? { kind: 'margin', mm: Number(mm) } : null;
  return text === 'union' || text === 'union-box' || text === 'whole' ? { kind: text } : null;
}
