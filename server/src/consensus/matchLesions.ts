import type { LesionMatching } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import { assign, type Candidate } from './assignment.js';
import { holdsCentroid, sharedVoxels, surfaceGap, type Instance, type Instances } from './lesionInstances.js';

/** One lesion: what the readers drew of it. */
export interface LesionGroup {
  /** Usually one instance per reader; several where a reader drew it in parts. */
  readonly parts: readonly Instance[];
}

/** One reader drew as several objects what another one drew as one. */
export interface SplitEvent {
  readonly whole: Instance;
  readonly parts: readonly Instance[];
}

export interface MatchedLesions {
  /** In the order of their first voxels. */
  readonly groups: readonly LesionGroup[];
  readonly splits: readonly SplitEvent[];
}

/** Share of a small object that must lie in a large one to count as a part of it. */
const PART = 0.5;

interface Link extends Candidate {
  readonly step: number;
}

/**
 * Finds out which objects of different readers are the same lesion.
 *
 * For each pair of readers, instances are paired one to one: first by overlap (IoU), then those that are left by a centroid
 * that lies in the other mask, then by distance. From the best pair on, pairs join into groups with one instance per
 * reader. What is left of a reader, and lies for the most part in a group where that reader already has an instance, is a
 * part of that lesion. The result does not depend on the order of the readers.
 */
export function matchLesions(instances: Instances, matching: LesionMatching, spacing: Vector): MatchedLesions {
  const shared = sharedVoxels(instances);
  const links = pairReaders(instances, shared, matching, spacing);
  const groups = joinGroups(instances.all, links);
  const splits = takeParts(groups, shared, instances.all.length);
  const sorted = groups
    .filter(group => group.length > 0)
    .sort((a, b) => firstVoxel(a) - firstVoxel(b))
    .map(parts => ({ parts: [...parts].sort((a, b) => a.reader - b.reader || a.firstVoxel - b.firstVoxel) }));
  return { groups: sorted, splits };
}

function firstVoxel(group: readonly Instance[]): number {
  return group.reduce((first, instance) => Math.min(first, instance.firstVoxel), Infinity);
}

function sharedBy(shared: ReadonlyMap<number, number>, total: number, a: Instance, b: Instance): number {
  return shared.get(Math.min(a.number, b.number) * total + Math.max(a.number, b.number)) ?? 0;
}

function pairReaders(
  instances: Instances,
  shared: ReadonlyMap<number, number>,
  matching: LesionMatching,
  spacing: Vector
): Link[] {
  const byReader = instances.components.map((_, reader) => instances.all.filter(each => each.reader === reader));
  const links: Link[] = [];
  byReader.forEach((rows, reader) => {
    for (const columns of byReader.slice(reader + 1)) {
      const taken = new Set<number>();
      costsInSteps(instances, shared, matching, spacing).forEach((costOf, step) => {
        const candidates: Candidate[] = [];
        for (const row of rows) {
          if (taken.has(row.number)) continue;
          for (const column of columns) {
            if (taken.has(column.number)) continue;
            const cost = costOf(row, column);
            if (cost !== null) candidates.push({ row: row.number, column: column.number, cost });
          }
        }
        for (const pair of assign(candidates)) {
          taken.add(pair.row).add(pair.column);
          links.push({ ...pair, step });
        }
      });
    }
  });
  return links;
}

type CostOf = (a: Instance, b: Instance) => number | null;

/** What a pair costs in each step, 0 to 1; null: not the same lesion by this step. */
function costsInSteps(
  instances: Instances,
  shared: ReadonlyMap<number, number>,
  { minimumIou, centroidInMask, maximumDistance }: LesionMatching,
  spacing: Vector
): CostOf[] {
  const iou = (a: Instance, b: Instance): number => {
    const both = sharedBy(shared, instances.all.length, a, b);
    return both / (a.voxels + b.voxels - both);
  };
  return [
    (a, b) => (iou(a, b) >= minimumIou ? 1 - iou(a, b) : null),
    (a, b) =>
      centroidInMask && (holdsCentroid(instances, a, b) || holdsCentroid(instances, b, a)) ? 1 - iou(a, b) : null,
    (a, b) => {
      const gap = iou(a, b) > 0 ? 0 : surfaceGap(instances, a, b, spacing, maximumDistance);
      return gap <= maximumDistance ? gap / Math.max(maximumDistance, 1e-9) : null;
    }
  ];
}

/** Joins the best pairs first; a group never gets a second instance of one reader. */
function joinGroups(all: readonly Instance[], links: readonly Link[]): Instance[][] {
  const groupOf: Instance[][] = all.map(instance => [instance]);
  const position = (number: number): number => all[number]?.firstVoxel ?? 0;
  const low = ({ row, column }: Link): number => Math.min(position(row), position(column));
  const high = ({ row, column }: Link): number => Math.max(position(row), position(column));
  const sorted = [...links].sort((a, b) => a.step - b.step || a.cost - b.cost || low(a) - low(b) || high(a) - high(b));
  for (const { row, column } of sorted) {
    const one = groupOf[row] ?? [];
    const other = groupOf[column] ?? [];
    if (one === other) continue;
    const readers = new Set(one.map(({ reader }) => reader));
    if (other.some(({ reader }) => readers.has(reader))) continue;
    one.push(...other);
    for (const { number } of other) groupOf[number] = one;
  }
  return [...new Set(groupOf)];
}

/** Moves what was left over into the lesion that it is a part of; empties its own group. */
function takeParts(groups: Instance[][], shared: ReadonlyMap<number, number>, total: number): SplitEvent[] {
  const splits = new Map<Instance, Instance[]>();
  for (const group of groups) {
    const [left] = group;
    if (left === undefined || group.length !== 1) continue;
    const home = bestHome(left, groups, shared, total);
    if (home === null) continue;
    const own = home.group.find(({ reader }) => reader === left.reader);
    const parts = splits.get(home.whole) ?? (own === undefined ? [] : [own]);
    splits.set(home.whole, [...parts, left]);
    home.group.push(left);
    group.length = 0;
  }
  return [...splits].map(([whole, parts]) => ({
    whole,
    parts: parts.sort((a, b) => a.firstVoxel - b.firstVoxel)
  }));
}

/** The group in which another reader's instance holds most of a left-over one, and its reader has a part already. */
function bestHome(
  left: Instance,
  groups: readonly Instance[][],
  shared: ReadonlyMap<number, number>,
  total: number
): { group: Instance[]; whole: Instance } | null {
  let best: { group: Instance[]; whole: Instance; held: number } | null = null;
  for (const group of groups) {
    if (group.length < 2 || !group.some(({ reader }) => reader === left.reader)) continue;
    for (const whole of group) {
      if (whole.reader === left.reader) continue;
      const held = sharedBy(shared, total, left, whole);
      if (held < PART * left.voxels) continue;
      if (best === null || held > best.held) best = { group, whole, held };
    }
  }
  return best;
}
