import type { Choice, Dispute } from '@voxcord/schemas/api';

export type DisputeOrder = 'size' | 'severity';

/** Biggest or most disputed first; those that the protocol asks to be decided before the others. */
export function inOrder(disputes: readonly Dispute[], order: DisputeOrder): Dispute[] {
  const rank = (dispute: Dispute): number => (order === 'size' ? dispute.volumeMl : dispute.severity);
  return disputes.toSorted(
    (a, b) => Number(b.asked) - Number(a.asked) || rank(b) - rank(a) || b.volumeMl - a.volumeMl || a.number - b.number
  );
}

/** What was decided; null: nothing was, or it was left open. */
export function decided(dispute: Dispute): Exclude<Choice, { kind: 'open' }> | null {
  const choice = dispute.decision?.choice;
  return choice === undefined || choice.kind === 'open' ? null : choice;
}

/** How far the decisions have come, of the disputes that the protocol asks to decide. */
export function progressOf(disputes: readonly Dispute[]): { readonly decided: number; readonly asked: number } {
  const asked = disputes.filter(dispute => dispute.asked);
  return { asked: asked.length, decided: asked.filter(dispute => decided(dispute) !== null).length };
}

/** The dispute `steps` places on in the list, around its ends; the first if none is chosen. */
export function neighbour(ordered: readonly Dispute[], current: number | null, steps: number): Dispute | null {
  const at = ordered.findIndex(({ number }) => number === current);
  if (at < 0) return (steps < 0 ? ordered.at(-1) : ordered[0]) ?? null;
  return ordered[(at + steps + ordered.length * Math.abs(steps)) % ordered.length] ?? null;
}

/** The next dispute that nobody has touched: after the current one, then from the start. Null: there is none. */
export function nextOpen(ordered: readonly Dispute[], current: number | null): Dispute | null {
  const at = ordered.findIndex(({ number }) => number === current);
  const rest = [...ordered.slice(at + 1), ...ordered.slice(0, Math.max(at, 0))];
  return rest.find(({ asked, decision }) => asked && decision === null) ?? null;
}
