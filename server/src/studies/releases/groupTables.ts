import type { MetricTable } from '@voxcord/schemas/files';
import type { StoredReleasedCase } from './releaseRecords.js';

type GroupedCase = Pick<StoredReleasedCase, 'strata' | 'segments'>;

/**
 * How many cases and lesions of the truth each group has: whether the data suffice for what they are for. None: no case is
 * in any.
 */
export function groupTables(cases: readonly GroupedCase[]): MetricTable[] {
  const names = [...new Set(cases.flatMap(({ strata }) => Object.keys(strata ?? {})))].sort();
  if (names.length === 0) return [];
  const rows = names.flatMap(name => {
    const groups = Map.groupBy(cases, ({ strata }) => new Map(Object.entries(strata ?? {})).get(name) ?? null);
    return [...groups].sort(byValue).map(([value, inside]) => [name, value, inside.length, lesionsOf(inside)]);
  });
  const text = (title: string): MetricTable['columns'][number] => ({ name: title, unit: '', definition: null });
  return [
    {
      id: 'case-groups',
      title: 'Cases by group',
      columns: [
        text('group'),
        text('value'),
        { name: 'cases', unit: '', definition: 'case.count' },
        { name: 'lesions', unit: '', definition: 'lesion.count' }
      ],
      rows
    }
  ];
}

/** Cases of which it is not known come last. */
function byValue([a]: readonly [string | null, unknown], [b]: readonly [string | null, unknown]): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : 1;
}

function lesionsOf(cases: readonly GroupedCase[]): number {
  return cases.flatMap(({ segments }) => segments).reduce((sum, { lesions }) => sum + lesions, 0);
}
