import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import { threeDigits } from '../ui/numbers.js';
import { TwoHandles } from '../ui/twoHandles.js';
import type { PaintOver } from '../viewer/index.js';

export interface PaintRuleProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

/** Which voxels strokes may change. Children of a grid of label, control and value. */
export function PaintRule({ view, trans }: PaintRuleProps): ReactNode {
  const { viewer, model } = view;
  const { volume } = model;
  const range = viewer.paintRange;
  const setRange = (low: number, high: number): void => {
    viewer.paintRange = [Math.min(low, high), Math.max(low, high)];
  };
  return (
    <>
      <label className="voxcord-Label" htmlFor="voxcord-paint-over">
        {trans.__('Paint over')}
      </label>
      <select
        id="voxcord-paint-over"
        className="voxcord-Select voxcord-mod-wide"
        value={nameOf(viewer.paintOver)}
        title={trans.__('Which voxels a stroke may change')}
        onChange={event => {
          viewer.paintOver = overOf(event.target.value);
        }}
      >
        <option value="everything">{trans.__('Everything')}</option>
        <option value="background">{trans.__('Only unpainted')}</option>
        {model.segments.map(({ number, name }) => (
          <option key={number} value={number}>
            {trans.__('Only inside %1', name)}
          </option>
        ))}
      </select>
      {volume !== null && (
        <>
          <label className="voxcord-Label" title={trans.__('Strokes change only voxels with a value in this range')}>
            <input
              type="checkbox"
              className="voxcord-Check"
              checked={range !== null}
              onChange={event => {
                viewer.paintRange = event.target.checked ? shownValues(view) : null;
              }}
            />
            {trans.__('Values')}
          </label>
          <span className="voxcord-Row-value voxcord-mod-wide" data-paint-range="">
            {range === null ? trans.__('any') : rangeText(range, volume.unit)}
          </span>
          {range !== null && (
            <TwoHandles
              min={volume.range[0]}
              max={volume.range[1]}
              low={range[0]}
              high={range[1]}
              labels={[trans.__('Lowest value to paint'), trans.__('Highest value to paint')]}
              onChange={setRange}
            />
          )}
        </>
      )}
    </>
  );
}

/** What strokes keep to, in a few words; null: nothing. */
export function paintRuleText({ viewer, model }: CaseView, trans: TranslationBundle): string | null {
  const { paintOver: over, paintRange: range } = viewer;
  const parts: string[] = [];
  if (over === 'background') parts.push(trans.__('Only unpainted'));
  else if (over !== 'everything') {
    const names = model.segments.filter(({ number }) => over.segments.includes(number)).map(({ name }) => name);
    parts.push(trans.__('Only inside %1', names.join(', ')));
  }
  if (range !== null) parts.push(rangeText(range, model.volume?.unit ?? ''));
  return parts.length === 0 ? null : parts.join(' · ');
}

function rangeText([low, high]: readonly [number, number], unit: string): string {
  return `${threeDigits(low)} … ${threeDigits(high)}${unit === '' ? '' : ` ${unit}`}`;
}

/** The window is what one has looked for already. */
function shownValues({ viewer, model }: CaseView): [number, number] {
  const { width, level } = viewer.window;
  const [lowest, highest] = model.volume?.range ?? [-Infinity, Infinity];
  return [Math.max(lowest, level - width / 2), Math.min(highest, level + width / 2)];
}

function nameOf(over: PaintOver): string {
  return typeof over === 'string' ? over : String(over.segments[0] ?? 'everything');
}

function overOf(name: string): PaintOver {
  return name === 'everything' || name === 'background' ? name : { segments: [Number(name)] };
}
