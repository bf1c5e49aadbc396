import type { Links, Objects } from './objects.js';
import type { ChangeKind } from './change.js';

/** What happened to which objects, by their numbers. */
export interface ObjectEvent {
  readonly kind: ChangeKind;
  readonly segment: number;
  readonly previousSegment: number | null;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** An object was relabelled if more than this share of it belongs to one other segment now. */
const MOST = 0.5;

/**
 * Matches objects of the same segment that share voxels. An object that shares voxels with several was split, or is what
 * they were merged into; both may have happened to the same objects. `moved` is said of every object that stayed one,
 * even if nothing about it changed.
 */
export function findEvents(before: Objects, after: Objects, links: Links): ObjectEvent[] {
  const ofAfter = Array.from({ length: after.count + 1 }, (): number[] => []);
  const ofBefore = links.ofBefore.map((counts, old) =>
    [...counts.keys()].filter(current => after.segments[current] === before.segments[old])
  );
  ofBefore.forEach((all, old) => all.forEach(current => ofAfter[current]?.push(old)));

  const events: ObjectEvent[] = [];
  const cameFromElsewhere = new Set<number>();
  for (let old = 1; old <= before.count; old++) {
    const segment = before.segments[old] ?? 0;
    const [first, ...others] = ofBefore[old] ?? [];
    if (others.length > 0) {
      events.push(event('split', segment, [old], ofBefore[old] ?? []));
    } else if (first !== undefined) {
      if (ofAfter[first]?.length === 1) events.push(event('moved', segment, [old], [first]));
    } else {
      const elsewhere = relabelled(old, before, after, links);
      elsewhere?.after.forEach(current => cameFromElsewhere.add(current));
      events.push(elsewhere ?? event('removed', segment, [old], []));
    }
  }
  for (let current = 1; current <= after.count; current++) {
    const segment = after.segments[current] ?? 0;
    const from = ofAfter[current] ?? [];
    if (from.length > 1) events.push(event('merged', segment, from, [current]));
    if (from.length === 0 && !cameFromElsewhere.has(current)) events.push(event('added', segment, [], [current]));
  }
  return events;
}

function event(
  kind: ChangeKind,
  segment: number,
  before: readonly number[],
  after: readonly number[],
  previousSegment: number | null = null
): ObjectEvent {
  return { kind, segment, previousSegment, before, after };
}

/** Null if it was not. */
function relabelled(old: number, before: Objects, after: Objects, links: Links): ObjectEvent | null {
  const voxels = new Map<number, number>();
  const counts = links.ofBefore[old] ?? new Map<number, number>();
  for (const [current, shared] of counts) {
    const segment = after.segments[current] ?? 0;
    voxels.set(segment, (voxels.get(segment) ?? 0) + shared);
  }
  const [largest] = [...voxels].sort((a, b) => b[1] - a[1]);
  if (largest === undefined || largest[1] <= MOST * (before.sizes[old] ?? 0)) return null;
  const [segment] = largest;
  const into = [...counts.keys()].filter(current => after.segments[current] === segment);
  return event('relabelled', segment, [old], into, before.segments[old] ?? 0);
}
