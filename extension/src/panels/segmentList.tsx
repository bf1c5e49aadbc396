import type { TranslationBundle } from '@jupyterlab/translation';
import type { Segment, SegmentChange } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import type { CaseView } from '../case/caseView.js';
import { type ReadSession, messageOf } from '../client/index.js';
import { IconButton } from '../ui/iconButton.js';
import { eyeIcon, eyeOffIcon, plusIcon } from '../ui/icons.js';
import { millilitres } from '../ui/numbers.js';
import { Section } from './section.js';
import { SegmentEditor } from './segmentEditor.js';
import { tellProblem } from '../ui/notices.js';

export interface SegmentListProps {
  readonly view: CaseView;
  readonly session: ReadSession;
  readonly trans: TranslationBundle;
}

/** Segments of the read: choose, show, measure; add and edit in place. */
export function SegmentList({ view, session, trans }: SegmentListProps): ReactNode {
  const [editing, setEditing] = useState<number | null>(null);
  const { segments } = view.model;
  const counts = session.labels.counts();
  // A protocol has fixed them.
  const mayChange = session.mayPaint && session.read.protocolVersion === null;

  const change = async (segment: Segment, changed: SegmentChange): Promise<void> => {
    const wasCurrent = view.segment === segment.number;
    const after = await session.changeSegment(segment.number, changed);
    if (after.number !== segment.number) {
      view.display.renumber(segment.number, after.number);
      if (wasCurrent) view.segment = after.number;
      setEditing(after.number);
    }
  };

  const add = async (): Promise<void> => {
    try {
      const added = await session.addSegment({ name: trans.__('New segment') });
      view.segment = added.number;
      setEditing(added.number);
    } catch (reason) {
      tellProblem(messageOf(reason));
    }
  };

  return (
    <Section
      title={trans.__('Segments')}
      aside={mayChange && <IconButton icon={plusIcon} label={trans.__('Add a segment')} onClick={() => void add()} />}
    >
      {segments.length === 0 && (
        <div className="voxcord-Empty">
          <p>{trans.__('A segment is one structure: an organ, a lesion. Paint needs one.')}</p>
          {mayChange && (
            <button className="voxcord-Button" onClick={() => void add()}>
              {trans.__('Add the first segment')}
            </button>
          )}
        </div>
      )}
      <ul className="voxcord-Rows">
        {segments.map(segment => (
          <li key={segment.number} className="voxcord-Segment">
            <SegmentRow
              segment={segment}
              view={view}
              volume={millilitres(counts[segment.number] ?? 0, session.volume.spacing)}
              onEdit={() => setEditing(editing === segment.number ? null : segment.number)}
              trans={trans}
            />
            {editing === segment.number && (
              <SegmentEditor
                segment={segment}
                isPainted={(counts[segment.number] ?? 0) > 0}
                mayChange={mayChange}
                opacity={view.display.opacity(segment.number)}
                onOpacity={opacity => {
                  view.display.set(segment.number, { opacity });
                  view.redisplay();
                }}
                onChange={changed => change(segment, changed)}
                onClose={() => setEditing(null)}
                trans={trans}
              />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface SegmentRowProps {
  readonly segment: Segment;
  readonly view: CaseView;
  /** In millilitres. */
  readonly volume: string;
  readonly onEdit: () => void;
  readonly trans: TranslationBundle;
}

function SegmentRow({ segment, view, volume, onEdit, trans }: SegmentRowProps): ReactNode {
  const isCurrent = view.segment === segment.number;
  const isVisible = view.display.isVisible(segment.number);
  return (
    <div className={`voxcord-Row${isCurrent ? ' voxcord-mod-current' : ''}`} data-segment={segment.number}>
      <button
        className="voxcord-Row-main"
        aria-pressed={isCurrent}
        title={trans.__('Paint with %1; double-click to edit', segment.name)}
        onClick={() => {
          view.segment = segment.number;
        }}
        onDoubleClick={onEdit}
      >
        <kbd className="voxcord-Key">{segment.number}</kbd>
        <span className="voxcord-Swatch" style={{ backgroundColor: segment.colour }} />
        <span className="voxcord-Row-name">{segment.name}</span>
      </button>
      <span className="voxcord-Row-value">{trans.__('%1 ml', volume)}</span>
      <IconButton
        icon={isVisible ? eyeIcon : eyeOffIcon}
        label={isVisible ? trans.__('Hide %1', segment.name) : trans.__('Show %1', segment.name)}
        onClick={() => {
          view.display.set(segment.number, { visible: !isVisible });
          view.redisplay();
        }}
      />
      <button className="voxcord-More" title={trans.__('Edit %1', segment.name)} onClick={onEdit}>
        ⋯
      </button>
    </div>
  );
}
