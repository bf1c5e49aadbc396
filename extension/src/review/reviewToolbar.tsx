import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import type { ReactNode } from 'react';
import { CommandIDs } from '../commandIds.js';
import { KeyCap } from '../ui/keyCap.js';
import { lookOfReader } from './readerLooks.js';
import type { OverlayName } from './reviewModel.js';
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
    overlays: item('overlays', view => <Overlays view={view} trans={trans} />),
    walk: item('walk', view => <Walk view={view} commands={commands} trans={trans} />)
  };
}

interface ItemProps {
  readonly view: ReviewView;
  readonly trans: TranslationBundle;
}

function Overlays({ view, trans }: ItemProps): ReactNode {
  const { review } = view;
  if (review?.result === null || review === null) return null;
  const toggle = (name: OverlayName, label: ReactNode, title: string): ReactNode => {
    const isShown = review.overlays.has(name);
    return (
      <button
        key={name}
        className={`voxcord-Button${isShown ? ' voxcord-mod-pressed' : ''}`}
        aria-pressed={isShown}
        aria-label={title}
        title={title}
        onClick={() => review.show(name, !isShown)}
      >
        {label}
      </button>
    );
  };
  return (
    <>
      <span className="voxcord-Choice" role="group" aria-label={trans.__('Colours')}>
        {toggle('disagreement', trans.__('Disagreement'), trans.__('How far the readers disagree, voxel by voxel (D)'))}
        {toggle('soft', trans.__('Soft map'), trans.__('How probable the segment is, voxel by voxel (M)'))}
      </span>
      <span className="voxcord-Choice voxcord-Outlines" role="group" aria-label={trans.__('Outlines of readers')}>
        {review.readers.map(({ letter, reader }) =>
          toggle(
            `outline:${letter}`,
            <>
              <ReaderLine letter={letter} />
              {letter}
            </>,
            trans.__('Outlines of reader %1, %2', letter, reader.displayName)
          )
        )}
      </span>
    </>
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
      <button className="voxcord-Button" title={trans.__('Previous dispute (K)')} onClick={() => step(-1)}>
        ◂ {trans.__('Previous')} <KeyCap of="K" />
      </button>
      <button
        className="voxcord-Button voxcord-mod-primary"
        title={trans.__('Next dispute (J)')}
        onClick={() => step(1)}
      >
        {trans.__('Next dispute')} <KeyCap of="J" />
      </button>
    </>
  );
}
