import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import type { Figure } from './drawPlot.js';

export interface PlotFigureProps {
  readonly figure: Figure;
  /** What the figure says, in words. */
  readonly label: string;
  readonly onPoint?: (index: number) => void;
}

/** A figure as wide as its place. The library that draws comes with the first one. */
export function PlotFigure({ figure, label, onPoint }: PlotFigureProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const told = useRef(onPoint);
  told.current = onPoint;
  const key = JSON.stringify(figure);
  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    let isGone = false;
    const draw = (): void => {
      const width = node.clientWidth;
      if (width === 0) return;
      void import('./drawPlot.js').then(({ drawFigure }) => {
        if (!isGone) node.replaceChildren(drawFigure(figure, width, index => told.current?.(index)));
      });
    };
    const resizes = new ResizeObserver(draw);
    resizes.observe(node);
    return () => {
      isGone = true;
      resizes.disconnect();
    };
    // The same figure is not drawn again when anything else of the panel changes.
  }, [key]);
  return <div ref={place} className="voxcord-Plot" role="img" aria-label={label} />;
}
