import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTable, pastedInto } from '../../src/strata/pastedStrata.js';

const CASES = ['a', 'b', 'c'].map(caseId => ({ caseId, title: `Case ${caseId}`, strata: {} }));
const NAMES = ['centre', 'phase'];

/** As spreadsheets copy a table. */
function copied(rows: readonly (readonly string[])[], lineEnd: string): string {
  const field = (value: string): string => (/["\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map(fields => fields.map(field).join('\t') + lineEnd).join('');
}

describe('what a spreadsheet has copied', () => {
  it('is set to the right and down from the field that it is pasted into', () => {
    const text = 'Bern\tarterial\r\n Basel \t\r\n';
    expect(pastedInto(CASES, NAMES, { caseId: 'b', name: 'centre' }, text)).toEqual({
      kind: 'changes',
      changes: { b: { centre: 'Bern', phase: 'arterial' }, c: { centre: 'Basel', phase: null } }
    });
  });

  it('is set field by field where it stands, or not at all', () => {
    const field = fc.stringMatching(/^[a-z" ]{0,3}$/);
    const sheet = fc
      .integer({ min: 1, max: 3 })
      .chain(width =>
        fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 })
      );
    const place = fc.record({ row: fc.nat(2), column: fc.nat(1) });
    fc.assert(
      fc.property(sheet, place, fc.constantFrom('\n', '\r\n', '\r'), (rows, { row, column }, lineEnd) => {
        const at = { caseId: CASES[row]?.caseId ?? '', name: NAMES[column] ?? '' };
        const width = rows[0]?.length ?? 0;
        const pasted = pastedInto(CASES, NAMES, at, copied(rows, lineEnd));
        if (row + rows.length > CASES.length || column + width > NAMES.length) {
          expect(pasted).toEqual({ kind: 'beside', rows: rows.length, columns: width });
          return;
        }
        const changes = rows.map((fields, i): [string, unknown] => [
          CASES[row + i]?.caseId ?? '',
          Object.fromEntries(fields.map((value, j) => [NAMES[column + j], value.trim() === '' ? null : value.trim()]))
        ]);
        expect(pasted).toEqual({ kind: 'changes', changes: Object.fromEntries(changes) });
      })
    );
  });

  it('is refused whole if one field has two lines: no row slips to another case', () => {
    const text = copied([['A'], ['B1\nB2'], ['C']], '\n');
    expect(pastedInto(CASES, NAMES, { caseId: 'a', name: 'phase' }, text)).toEqual({
      kind: 'value',
      value: 'B1\nB2',
      title: CASES[1]?.title
    });
  });

  it('is refused whole if a quote does not end, or a field is too long', () => {
    for (const value of ['"A\nB\n', `${'x'.repeat(129)}\nB\n`]) {
      expect(pastedInto(CASES, NAMES, { caseId: 'a', name: 'phase' }, value)).toMatchObject({ kind: 'value' });
    }
  });

  it('is a table if it has more than one field', () => {
    expect(['A\tB', 'A\nB', '\tA'].map(isTable)).toEqual([true, true, true]);
    expect(['A', 'A\n', 'A\r\n', '', '"A\nB"'].map(isTable)).toEqual([false, false, false, false, false]);
  });
});
