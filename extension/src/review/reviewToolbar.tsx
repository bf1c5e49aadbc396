import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import type { ReactNode } from 'react';
import { CommandIDs } from '../commandIds.js';
import { KeyCap } from '../ui/keyCap.js';
import type { Layout } from '../viewer/index.js';
import { lookOfReader } from './readerLooks.js';
import type { OverlayName, ReviewModel } from './reviewModel.js';
import type { ReviewView } from './reviewView.js';

/** Makes one item of the toolbar for the review that it stands above. */
export type ReviewToolbarItem = (view: ReviewView) => Widget;

/** Items of a review's own, beside those of a case. */
export function reviewToolbarItems(
  commands: CommandRegistry,
  trans: TranslationBundle
): Readonly<Record<string, ReviewToolbarItem>> {
  const item = (name: string, draw: (view: ReviewView) => ReactNode) => (view: ReviewView) => {
    const widget = ReactWidget.create(<UseSignal signal={view.changed}>{() => draw(view)}</UseSignal>);
    widget.addClass(`voxcord-Toolbar-${name}`);
    widget.addClass('voxcord-Toolbar-item');
    return widget;
  };
  return {
    walk: item('walk', view => <Walk view={view} commands={commands} trans={trans} />),
    overlays: item('overlays', view => <Colours view={view} trans={trans} />),
    outlines: item('outlines', view => <Outlines view={view} trans={trans} />),
    layout: item('layout', view => <Layouts view={view} trans={trans} />)
  };
}

interface ItemProps {
  readonly view: ReviewView;
  readonly trans: TranslationBundle;
}

function Colours({ view, trans }: ItemProps): ReactNode {
  const { review } = view;
  if (review === null || review.result === null) return null;
  return (
    <span className="voxcord-Choice" role="group" aria-label={trans.__('Colours')}>
      <OverlayButton
        review={review}
        name="disagreement"
        title={trans.__('Disagreement of the readers, voxel by voxel (D)')}
      >
        {trans.__('Disagreement')}
      </OverlayButton>
      <OverlayButton
        review={review}
        name="soft"
        title={trans.__('Soft map: how probable the segment is, voxel by voxel (M)')}
      >
        {trans.__('Soft map')}
      </OverlayButton>
    </span>
  );
}

function Outlines({ view, trans }: ItemProps): ReactNode {
  const { review } = view;
  if (review === null || review.result === null) return null;
  return (
    <span className="voxcord-Choice voxcord-Outlines" role="group" aria-label={trans.__('Outlines of readers')}>
      {review.readers.map(({ letter, reader }) => (
        <OverlayButton
          key={letter}
          review={review}
          name={`outline:${letter}`}
          title={trans.__('Outlines of reader %1, %2', letter, reader.displayName)}
        >
          <ReaderLine letter={letter} />
          {letter}
        </OverlayButton>
      ))}
    </span>
  );
}

interface OverlayButtonProps {
  readonly review: ReviewModel;
  readonly name: OverlayName;
  /** Begins with what is written on the button, for those who speak to their computer. */
  readonly title: string;
  readonly children: ReactNode;
}

function OverlayButton({ review, name, title, children }: OverlayButtonProps): ReactNode {
  const isShown = review.overlays.has(name);
  return (
    <button
      className={`voxcord-Button${isShown ? ' voxcord-mod-pressed' : ''}`}
      aria-pressed={isShown}
      aria-label={title}
      title={title}
      onClick={() => review.show(name, !isShown)}
    >
      {children}
    </button>
  );
}

/** In one line with the overlays there is room for one control, not for five. */
function Layouts({ view, trans }: ItemProps): ReactNode {
  const choices: readonly [Layout, string][] = [
    ['2x2', trans.__('2×2')],
    ['axial', trans.__('Axial')],
    ['coronal', trans.__('Coronal')],
    ['sagittal', trans.__('Sagittal')],
    ['3d', trans.__('3D')]
  ];
  return (
    <select
      className="voxcord-Select"
      value={view.viewLayout}
      title={trans.__('Layout')}
      aria-label={trans.__('Layout')}
      onChange={event => {
        const chosen = choices.find(([layout]) => layout === event.target.value);
        if (chosen !== undefined) view.viewLayout = chosen[0];
      }}
    >
      {choices.map(([layout, label]) => (
        <option key={layout} value={layout}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** A sample of a reader's line: colour and pattern. */
export function ReaderLine({ letter }: { readonly letter: string }): ReactNode {
  const { colour, pattern } = lookOfReader(letter);
  return (
    <svg className="voxcord-ReaderLine" width="18" height="10" aria-hidden="true">
      <line x1="0" y1="5" x2="18" y2="5" stroke={colour} strokeWidth="2.5" strokeDasharray={pattern.join(' ')} />
    </svg>
  );
}

function Walk({ view, commands, trans }: ItemProps & { readonly commands: CommandRegistry }): ReactNode {
  if ((view.review?.result?.disputes.length ?? 0) === 0) return null;
  const step = (steps: number): void => void commands.execute(CommandIDs.dispute, { steps });
  return (
    <>
      <button
        className="voxcord-Button"
        title={trans.__('Previous dispute (K)')}
        aria-label={trans.__('Previous dispute (K)')}
        onClick={() => step(-1)}
      >
        <span aria-hidden="true">◂</span> <KeyCap of="K" />
      </button>
      <button
        className="voxcord-Button voxcord-mod-primary"
        title={trans.__('Next dispute (J)')}
        aria-label={trans.__('Next dispute (J)')}
        onClick={() => step(1)}
      >
        {trans.__('Next')} <KeyCap of="J" />
      </button>
    </>
  );
}
