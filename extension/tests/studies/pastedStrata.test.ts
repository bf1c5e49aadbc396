import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pastedInto } from '../../src/strata/pastedStrata.js';

const CASES = ['a', 'b', 'c'].map(caseId => ({ caseId, title: `Case ${caseId}`, strata: {} }));
const NAMES = ['centre', 'phase'];

describe('what a spreadsheet has copied', () => {
  it('is set to the right and down from the field that it is pasted into', () => {
    const text = 'Bern\tarterial\r\n Basel \t\r\n';
    expect(pastedInto(CASES, NAMES, { caseId: 'b', name: 'centre' }, text)).toEqual([
      ['b', { centre: 'Bern', phase: 'arterial' }],
      ['c', { centre: 'Basel', phase: null }]
    ]);
  });

  it('sets every field of the table that it covers, as it stands there, and none beside', () => {
    const field = fc.stringMatching(/^[a-z]{0,3}$/);
    const sheet = fc
      .integer({ min: 1, max: 5 })
      .chain(width =>
        fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 })
      );
    const place = fc.record({ row: fc.nat(2), column: fc.nat(1) });
    const end = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(sheet, place, end, (rows, { row, column }, lineEnd) => {
        const text = rows.map(fields => fields.join('\t')).join(lineEnd);
        const at = { caseId: CASES[row]?.caseId ?? '', name: NAMES[column] ?? '' };
        const set = pastedInto(CASES, NAMES, at, text).flatMap(([caseId, change]) =>
          Object.entries(change).map(([name, value]) => `${caseId} ${name} ${value ?? ''}`)
        );
        // A last line that is empty is the end of the one before.
        const lines =
          rows.at(-1)?.every(value => value === '') === true && rows.length > 1 && rows[0]?.length === 1
            ? rows.slice(0, -1)
            : rows;
        const expected = CASES.flatMap(({ caseId }, i) =>
          NAMES.flatMap((name, j) => {
            const value = lines[i - row]?.[j - column];
            return value === undefined || i < row || j < column ? [] : [`${caseId} ${name} ${value}`];
          })
        );
        expect(set).toEqual(expected);
      })
    );
  });

  it('sets nothing if the field is no longer there', () => {
    expect(pastedInto(CASES, NAMES, { caseId: 'd', name: 'centre' }, 'x')).toEqual([]);
    expect(pastedInto(CASES, NAMES, { caseId: 'a', name: 'scanner' }, 'x')).toEqual([]);
  });
});
