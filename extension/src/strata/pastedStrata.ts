import type { CaseStrata, StrataChange } from '@voxcord/schemas/api';

/**
 * What text from a spreadsheet, lines of fields between tabs, sets from one field to the right and down; by case. An
 * empty field takes away. What falls beside the table is left out.
 */
export function pastedInto(
  cases: readonly CaseStrata[],
  names: readonly string[],
  at: { readonly caseId: string; readonly name: string },
  text: string
): [caseId: string, change: StrataChange][] {
  const row = cases.findIndex(({ caseId }) => caseId === at.caseId);
  const column = names.indexOf(at.name);
  if (row < 0 || column < 0) return [];
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return cases.slice(row, row + lines.length).map(({ caseId }, index) => {
    const fields = (lines[index] ?? '').split('\t');
    const set = names.slice(column, column + fields.length).map((name, place): [string, string | null] => {
      const value = (fields[place] ?? '').trim();
      return [name, value === '' ? null : value];
    });
    return [caseId, Object.fromEntries(set)];
  });
}
