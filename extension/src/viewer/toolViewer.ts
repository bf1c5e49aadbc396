import { clampRadius, steppedRadius } from './brushSizes.js';
import type { BrushSettings, PointerTool } from './contracts.js';
import { ObservableViewer } from './observableViewer.js';
import type { RaisedOverlay } from './overlays.js';
import { acceptedBy, type PaintOver } from './paintRule.js';
import { ViewModel } from './viewModel.js';

/** The tools of a viewer: which is in the hand, and how it paints. */
export abstract class ToolViewer extends ObservableViewer {
  /** The tool of the primary button. */
  get tool(): PointerTool {
    return this.model.tool;
  }
  set tool(tool: PointerTool) {
    if (tool === this.model.tool) return;
    this.cancelDrag();
    this.model.tool = tool;
    this.node.dataset['tool'] = tool;
    this.redrawLines();
    this.toolChangedSignal.emit(tool);
  }

  get brush(): BrushSettings {
    return this.model.brush;
  }
  set brush(brush: BrushSettings) {
    const next = { shape: brush.shape, radiusMm: clampRadius(brush.radiusMm) };
    const { shape, radiusMm } = this.model.brush;
    if (next.shape === shape && next.radiusMm === radiusMm) return;
    this.model.brush = next;
    this.redrawLines();
    this.brushChangedSignal.emit(next);
    this.stateChangedSignal.emit();
  }

  /** Along a scale of sizes; positive is bigger. */
  changeBrushSize(steps: number): void {
    this.brush = { ...this.brush, radiusMm: steppedRadius(this.brush.radiusMm, steps) };
  }

  /** Segment that the brush paints; null: none is chosen. */
  get segment(): number | null {
    return this.model.segment;
  }
  set segment(segment: number | null) {
    this.model.segment = segment;
    this.redrawLines();
  }

  /** Which voxels strokes may change; holds from the next stroke on. */
  get paintOver(): PaintOver {
    return this.model.paintRule.over;
  }
  set paintOver(over: PaintOver) {
    this.model.paintRule = { ...this.model.paintRule, over };
    this.paintRuleChangedSignal.emit();
  }

  /** Strokes change only voxels with a value from low to high, in the unit of the volume; null: any value. */
  get paintRange(): readonly [number, number] | null {
    return this.model.paintRule.range;
  }
  set paintRange(range: readonly [number, number] | null) {
    this.model.paintRule = { ...this.model.paintRule, range };
    this.paintRuleChangedSignal.emit();
  }

  /** Which voxels the next stroke may change, by their grid index; undefined: all. */
  get accepts(): ((index: number) => boolean) | undefined {
    const { layer, paintRule, valueOf } = this.model;
    return layer === null ? undefined : acceptedBy(paintRule, { labels: layer.labelMap.bitmap, valueOf }, false);
  }

  /** What lies above all other overlays. */
  get raisedOverlays(): readonly RaisedOverlay[] {
    return this.model.raised;
  }
  set raisedOverlays(overlays: readonly RaisedOverlay[]) {
    this.model.raised = overlays;
    this.redrawScene();
  }

  /** Gives up what the pointer does. */
  protected abstract cancelDrag(): void;
  protected abstract redrawLines(): void;
  protected abstract redrawScene(): void;

  protected readonly model = new ViewModel();
}
