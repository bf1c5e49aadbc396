import type { Layout, Plane } from './contracts.js';
import type { Rectangle } from './paneView.js';

export type PaneName = Plane | '3d';

export interface PlacedPane {
  readonly name: PaneName;
  readonly rectangle: Rectangle;
}

const GAP = 2;
const GRID: readonly (readonly [PaneName, PaneName])[] = [
  ['axial', '3d'],
  ['coronal', 'sagittal']
];

/** Places the panes of a layout in a picture of `width` x `height` CSS pixels. */
export function placePanes(layout: Layout, width: number, height: number): readonly PlacedPane[] {
  if (width <= 0 || height <= 0) return [];
  if (layout !== '2x2') return [{ name: layout, rectangle: { left: 0, top: 0, width, height } }];
  const leftWidth = Math.floor((width - GAP) / 2);
  const topHeight = Math.floor((height - GAP) / 2);
  return GRID.flatMap((row, down) =>
    row.map((name, right) => ({
      name,
      rectangle: {
        left: right === 0 ? 0 : leftWidth + GAP,
        top: down === 0 ? 0 : topHeight + GAP,
        width: right === 0 ? leftWidth : width - leftWidth - GAP,
        height: down === 0 ? topHeight : height - topHeight - GAP
      }
    }))
  ).filter(pane => pane.rectangle.width > 0 && pane.rectangle.height > 0);
}
