import type { TranslationBundle } from '@jupyterlab/translation';
import type { Segment, SegmentChange } from '@voxcord/schemas/api';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { messageOf } from '../client/index.js';
import { Slider } from '../ui/slider.js';

export interface SegmentEditorProps {
  readonly segment: Segment;
  readonly isPainted: boolean;
  readonly mayChange: boolean;
  /** 0 to 1 */
  readonly opacity: number;
  readonly onOpacity: (opacity: number) => void;
  readonly onChange: (change: SegmentChange) => Promise<void>;
  readonly onClose: () => void;
  readonly trans: TranslationBundle;
}

/** Edits one segment in place. Each field is kept when it is left or on Enter. */
export function SegmentEditor(props: SegmentEditorProps): ReactNode {
  const { segment, isPainted, mayChange, opacity, onOpacity, onChange, onClose, trans } = props;
  const [name, setName] = useState(segment.name);
  const [number, setNumber] = useState(String(segment.number));
  const [problem, setProblem] = useState<string | null>(null);

  const keep = async (change: SegmentChange): Promise<void> => {
    try {
      setProblem(null);
      await onChange(change);
    } catch (reason) {
      setName(segment.name);
      setNumber(String(segment.number));
      setProblem(messageOf(reason));
    }
  };
  const keepName = (): void => {
    const trimmed = name.trim();
    if (trimmed === '') setName(segment.name);
    else if (trimmed !== segment.name) void keep({ name: trimmed });
  };
  const keepNumber = (): void => {
    const parsed = Number(number);
    if (parsed === segment.number) return;
    if (Number.isInteger(parsed) && parsed >= 1 && parsed <= 255) void keep({ number: parsed });
    else setNumber(String(segment.number));
  };
  const onKey = (keepField: () => void) => (event: KeyboardEvent) => {
    if (event.key === 'Enter') keepField();
    if (event.key === 'Escape' || event.key === 'Enter') onClose();
  };

  return (
    <div className="voxcord-Editor">
      <div className="voxcord-Editor-line">
        <input
          type="color"
          className="voxcord-Colour"
          value={segment.colour}
          disabled={!mayChange}
          aria-label={trans.__('Colour')}
          title={trans.__('Colour')}
          onChange={event => void keep({ colour: event.target.value })}
        />
        <input
          className="voxcord-Field"
          value={name}
          maxLength={64}
          disabled={!mayChange}
          aria-label={trans.__('Name')}
          autoFocus
          onFocus={event => event.target.select()}
          onChange={event => setName(event.target.value)}
          onBlur={keepName}
          onKeyDown={onKey(keepName)}
        />
        <input
          className="voxcord-Field voxcord-mod-number"
          type="number"
          min={1}
          max={255}
          value={number}
          disabled={!mayChange || isPainted}
          aria-label={trans.__('Number')}
          title={
            isPainted
              ? trans.__('The number cannot change any more: something is painted with it')
              : trans.__('Number in the label map')
          }
          onChange={event => setNumber(event.target.value)}
          onBlur={keepNumber}
          onKeyDown={onKey(keepNumber)}
        />
      </div>
      <div className="voxcord-Editor-line">
        <label className="voxcord-Label">
          {trans.__('Opacity')}
          <Slider
            className="voxcord-Range"
            min={0}
            max={100}
            value={Math.round(opacity * 100)}
            onValue={value => onOpacity(value / 100)}
          />
        </label>
        <button
          className="voxcord-Button"
          disabled={!mayChange}
          title={trans.__('Takes the segment off the list; its voxels stay')}
          onClick={() => void keep({ retired: true })}
        >
          {trans.__('Retire')}
        </button>
        <button className="voxcord-Button" onClick={onClose}>
          {trans.__('Done')}
        </button>
      </div>
      {problem !== null && (
        <p className="voxcord-Problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
