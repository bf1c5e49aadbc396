import type { ReactNode } from 'react';

/** A key, drawn as one. */
export function KeyCap({ of }: { readonly of: string }): ReactNode {
  return <kbd className="voxcord-Key">{of}</kbd>;
}
