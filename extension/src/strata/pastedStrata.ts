import { type CaseStrata, StratumValue, type StrataChanges } from '@voxcord/schemas/api';
import { tsvParseRows } from 'd3-dsv';
import { Value } from 'typebox/value';

/** What text from a spreadsheet changes, or why nothing of it is taken. */
export type Pasted =
  | { readonly kind: 'changes'; readonly changes: StrataChanges }
  /** It is larger than what the table has from the field on. */
  | { readonly kind: 'beside'; readonly rows: number; readonly columns: number }
  /** Too long, of several lines, or with characters that do not show. */
  | { readonly kind: 'value'; readonly value: string; readonly title: string };

/**
 * Fills a table from one field to the right and down. An empty field takes the case out of the group. All of it is taken,
 * or nothing: a row that slips would put a case into the group of another.
 */
export function pastedInto(
  cases: readonly CaseStrata[],
  names: readonly string[],
  at: { readonly caseId: string; readonly name: string },
  text: string
): Pasted {
  const rows = tsvParseRows(text);
  const columns = Math.max(...rows.map(fields => fields.length));
  const below = cases.slice(cases.findIndex(({ caseId }) => caseId === at.caseId));
  const beside = names.slice(names.indexOf(at.name));
  if (rows.length > below.length || columns > beside.length) return { kind: 'beside', rows: rows.length, columns };
  const changes: StrataChanges = {};
  for (const [index, { caseId, title }] of below.slice(0, rows.length).entries()) {
    const values = (rows[index] ?? []).map(field => field.trim());
    const wrong = values.find(value => value !== '' && !isValue(value));
    if (wrong !== undefined) return { kind: 'value', value: wrong, title };
    const set = values.map((value, place) => [beside[place] ?? at.name, value === '' ? null : value] as const);
    changes[caseId] = Object.fromEntries(set);
  }
  return { kind: 'changes', changes };
}

function isValue(value: string): boolean {
  return Value.Check(StratumValue, value);
}

/** More than one field: it fills the table instead of the field that it is pasted into. */
export function isTable(text: string): boolean {
  const rows = tsvParseRows(text);
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1;
}
