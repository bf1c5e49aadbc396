import type { TranslationBundle } from '@jupyterlab/translation';
import type { Change } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import { threeDigits } from '../ui/numbers.js';
import type { Comparison } from './caseReading.js';

export interface ComparisonTableProps {
  readonly view: CaseView;
  readonly comparison: Comparison;
  readonly trans: TranslationBundle;
}

/** What differs between two revisions: segment by segment, and what happened to each object. */
export function ComparisonTable({ view, comparison, trans }: ComparisonTableProps): ReactNode {
  const { difference } = comparison;
  if (difference === null) return <p className="voxcord-Spinner">{trans.__('Comparing…')}</p>;
  if (difference.identical) return <p className="voxcord-Row-detail">{trans.__('Nothing has changed.')}</p>;
  const nameOf = (number: number): string =>
    view.model.session?.segments.find(segment => segment.number === number)?.name ?? trans.__('Segment %1', number);
  return (
    <>
      <table className="voxcord-Table" aria-label={trans.__('Segments before and after')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('ml')}</th>
            <th scope="col" className="voxcord-mod-figure">
              {trans.__('before')}
            </th>
            <th scope="col" className="voxcord-mod-figure">
              {trans.__('after')}
            </th>
            <th scope="col" className="voxcord-mod-figure">
              {trans.__('Dice')}
            </th>
          </tr>
        </thead>
        <tbody>
          {difference.segments.map(({ number, volumeBeforeMl, volumeAfterMl, dice }) => (
            <tr key={number} data-compared={number}>
              <th scope="row">{nameOf(number)}</th>
              <td className="voxcord-mod-figure">{threeDigits(volumeBeforeMl)}</td>
              <td className="voxcord-mod-figure">{threeDigits(volumeAfterMl)}</td>
              <td className="voxcord-mod-figure">{dice === null ? '–' : threeDigits(dice)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="voxcord-Rows" aria-label={trans.__('What happened')}>
        {difference.changes.map((change, index) => (
          <li key={index} className="voxcord-Row" data-change-kind={change.kind}>
            <button
              className="voxcord-Row-main voxcord-mod-wrap"
              title={trans.__('Go there')}
              onClick={() => {
                view.viewer.crosshair = change.centre;
              }}
            >
              <span className="voxcord-Row-name">{changeText(change, nameOf, trans)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** "Nodule: added, 0.41 ml" */
export function changeText(change: Change, nameOf: (number: number) => string, trans: TranslationBundle): string {
  const name = nameOf(change.segment);
  const before = threeDigits(change.volumeBeforeMl);
  const after = threeDigits(change.volumeAfterMl);
  switch (change.kind) {
    case 'added':
      return trans.__('%1: added, %2 ml', name, after);
    case 'removed':
      return trans.__('%1: removed, %2 ml', name, before);
    case 'split':
      return trans.__('%1: split into %2, %3 → %4 ml', name, change.after, before, after);
    case 'merged':
      return trans.__('%1: %2 merged, %3 → %4 ml', name, change.before, before, after);
    case 'relabelled':
      return trans.__(
        '%1 is now %2, %3 ml',
        change.previousSegment === null ? trans.__('Something else') : nameOf(change.previousSegment),
        name,
        after
      );
    case 'moved':
      return trans.__(
        '%1: boundary moved %2 mm on average, %3 mm at most, %4 → %5 ml',
        name,
        signed(change.meanMovement),
        signed(change.maximumMovement),
        before,
        after
      );
  }
}

/** Outward positive; with its sign. */
function signed(millimetres: number | null): string {
  if (millimetres === null) return '–';
  const text = threeDigits(Math.abs(millimetres));
  return millimetres < 0 ? `−${text}` : `+${text}`;
}
