import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import { ProposalMethods } from '../proposals/proposalMethods.js';
import { IconButton } from '../ui/iconButton.js';
import { brushIcon, crosshairIcon, eraserIcon, panIcon, proposeIcon, windowIcon } from '../ui/icons.js';
import { threeDigits } from '../ui/numbers.js';
import { Slider } from '../ui/slider.js';
import type { PointerTool } from '../viewer/index.js';
import { PaintRule } from './paintRule.js';
import { Section } from './section.js';

export interface ToolBoxProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

/** What a tool is called, with its key. */
export function toolChoices(trans: TranslationBundle): readonly { tool: PointerTool; icon: LabIcon; label: string }[] {
  return [
    { tool: 'brush', icon: brushIcon, label: trans.__('Brush (B)') },
    { tool: 'eraser', icon: eraserIcon, label: trans.__('Eraser (E)') },
    { tool: 'propose', icon: proposeIcon, label: trans.__('Propose what I point at (G)') },
    { tool: 'window', icon: windowIcon, label: trans.__('Window and level (W)') },
    { tool: 'crosshair', icon: crosshairIcon, label: trans.__('Crosshair (C)') },
    { tool: 'pan', icon: panIcon, label: trans.__('Pan (P)') }
  ];
}

const SMALLEST = 0.25;
const LARGEST = 60;
const STEPS = 100;

/** Sizes on a logarithmic slider: as fine for a nodule as for a liver. */
function sizeAt(step: number): number {
  return Number((SMALLEST * (LARGEST / SMALLEST) ** (step / STEPS)).toPrecision(2));
}

function stepOf(size: number): number {
  return Math.round((STEPS * Math.log(size / SMALLEST)) / Math.log(LARGEST / SMALLEST));
}

/** The tool of the pointer and the brush. */
export function ToolBox({ view, trans }: ToolBoxProps): ReactNode {
  const { brush } = view.viewer;
  const { whyNotPaint } = view;
  return (
    <Section title={trans.__('Tools')}>
      {whyNotPaint !== null && (
        <p className="voxcord-Hint" role="status">
          {whyNotPaint}
        </p>
      )}
      <div className="voxcord-Tools" role="group">
        {toolChoices(trans).map(({ tool, icon, label }) => (
          <IconButton
            key={tool}
            icon={icon}
            label={label}
            isPressed={view.tool === tool}
            onClick={() => {
              view.tool = tool;
            }}
          />
        ))}
      </div>
      <div className="voxcord-Fields">
        <label className="voxcord-Label" htmlFor="voxcord-brush-size">
          {trans.__('Radius')}
        </label>
        <Slider
          id="voxcord-brush-size"
          className="voxcord-Range"
          min={0}
          max={STEPS}
          value={stepOf(brush.radiusMm)}
          title={trans.__('Radius of the brush ([ and ])')}
          onValue={step => {
            view.viewer.brush = { ...view.viewer.brush, radiusMm: sizeAt(step) };
          }}
        />
        <span className="voxcord-Row-value">{trans.__('%1 mm', threeDigits(brush.radiusMm))}</span>
        <span className="voxcord-Label">{trans.__('Shape')}</span>
        <span className="voxcord-Choice voxcord-mod-wide" role="group">
          {(['disc', 'sphere'] as const).map(shape => (
            <button
              key={shape}
              className={`voxcord-Button${brush.shape === shape ? ' voxcord-mod-pressed' : ''}`}
              aria-pressed={brush.shape === shape}
              title={shape === 'disc' ? trans.__('In the plane') : trans.__('In all three directions')}
              onClick={() => {
                view.viewer.brush = { ...brush, shape };
              }}
            >
              {shape === 'disc' ? trans.__('Disc') : trans.__('Sphere')}
            </button>
          ))}
        </span>
        {view.tool === 'propose' && <ProposalMethods proposing={view.proposals.proposing} trans={trans} />}
        <PaintRule view={view} trans={trans} />
      </div>
    </Section>
  );
}
