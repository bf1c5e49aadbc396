import { type Dims, type PaintedRegion, type Tool, decodeRegion, readRecord } from '@voxcord/schemas/labelmap';
import * as Y from 'yjs';

export interface StrokeInUpdate {
  readonly region: PaintedRegion;
  readonly segment: number;
  readonly tool: Tool;
}

/**
 * The strokes that `updates` append to their logs, in log order. Reads the structs themselves: the document that the
 * updates continue may be gone. Undo and redo are left out; they speak of records of that document.
 */
export function strokesIn(updates: readonly Uint8Array[], dims: Dims): StrokeInUpdate[] {
  const strokes: StrokeInUpdate[] = [];
  for (const update of updates) {
    for (const struct of Y.decodeUpdate(update).structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentBinary)) continue;
      const bytes = struct.content.content;
      const record = readRecord(bytes, dims);
      if (record.kind !== 'stroke') continue;
      strokes.push({ region: decodeRegion(bytes, dims), segment: record.segment, tool: record.tool });
    }
  }
  return strokes;
}
