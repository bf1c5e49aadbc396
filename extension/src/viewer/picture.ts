import type { Volume } from '@voxcord/schemas/api';
import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { LabelLayer, SegmentAppearance, Vector, ViewerVolume, Window } from './contracts.js';
import { type Foreground, foregroundOf } from './foreground.js';
import { packed } from './halfFloat.js';
import { imageLookOf } from './imageLook.js';
import { type IntensityTexture, uploadIntensities } from './intensityTexture.js';
import { WebGLLabelTexture } from './labelTexture.js';
import { readRendition, type Rendition } from './niftiRendition.js';
import type { NiivueAdapter } from './niivueAdapter.js';
import { PaintedBlocks } from './paintedBlocks.js';
import type { PaneView, Rectangle } from './paneView.js';
import { sliceAt, type ViewedGrid } from './planes.js';
import { segmentTable } from './segmentTable.js';
import { SurfaceRefinement, type SurfaceWork } from './surfaceRefinement.js';
import { type DeviceRectangle, PAINTED_UNIT, SurfaceRenderer } from './surfaceRenderer.js';
import type { Turn } from './turn.js';
import { sampleValues } from './valueSample.js';
import { ViewerError } from './viewerError.js';
import { windowLimits } from './windowPresets.js';

/** One pane of a frame. */
export type FramePane =
  { readonly kind: 'slice'; readonly view: PaneView } | { readonly kind: 'surfaces'; readonly rectangle: Rectangle };

export interface Frame {
  readonly panes: readonly FramePane[];
  readonly crosshair: Vector;
  readonly window: Window;
  readonly turn: Turn;
  readonly interpolate: boolean;
  readonly outlineWidth: number;
  readonly mirrored: boolean;
  readonly labelsShown: boolean;
  /** What may be done now about a 3D picture that is not as good as it can be. */
  readonly surfaceWork: SurfaceWork;
}

/**
 * What is on the graphics card: one volume, its labels, and how a frame of panes is drawn from them.
 * Everything is made again from the same data when the browser takes the context away.
 */
export class Picture {
  /** Reads and uploads a volume. Throws `ViewerError`, or the reason of `signal`. */
  static async show(
    canvas: HTMLCanvasElement,
    source: ViewerVolume,
    buffer: ArrayBuffer,
    onProgress: (fraction: number) => void,
    signal: AbortSignal
  ): Promise<Picture> {
    const rendition = readRendition(buffer, source.volume);
    // A page that shows no case has no use for NiiVue: it comes with the first picture.
    const { NiivueAdapter } = await import('./niivueAdapter.js');
    signal.throwIfAborted();
    const adapter = await NiivueAdapter.attach(canvas);
    try {
      signal.throwIfAborted();
      const intensities = await uploadIntensities(adapter.gl, source.volume, rendition, onProgress, signal);
      const grid = { dims: source.volume.grid.dims, spacing: source.volume.spacing };
      await adapter.setVolume(grid, intensities);
      if (adapter.gl.isContextLost()) {
        throw new ViewerError(
          'viewer.context-lost',
          'The graphics hardware ran out of memory or was reset while the image was loaded. Close other images and try again.'
        );
      }
      return new Picture(adapter, source.volume, grid, rendition, intensities);
    } catch (error) {
      adapter.dispose();
      throw error;
    }
  }

  private constructor(
    private readonly adapter: NiivueAdapter,
    volume: Volume,
    readonly grid: ViewedGrid,
    private readonly rendition: Rendition,
    private readonly intensities: IntensityTexture
  ) {
    const values = sampleValues(rendition);
    this.foreground = foregroundOf(values);
    const { packing, maxima } = intensities;
    const look = imageLookOf(volume, values, this.foreground);
    this._renderer = new SurfaceRenderer(adapter.gl, { grid, packing, maxima, look });
    this._surfaces = new SurfaceRefinement(adapter.gl, this._renderer, {
      prepare: () => this._prepareSurfaces(),
      changed: () => this._sharper()
    });
  }

  /** What stands out from the background; null where nothing does. */
  readonly foreground: Foreground | null;

  get gl(): WebGL2RenderingContext {
    return this.adapter.gl;
  }

  /** Browsers take contexts away: a driver was reset, or too many tabs show images. */
  onContextLost(lost: () => void): void {
    this.gl.canvas.addEventListener('webglcontextlost', event => {
      event.preventDefault();
      lost();
    });
  }

  /** `sharper` is called when a better 3D picture is there to be shown. */
  onSharper(sharper: () => void): void {
    this._sharper = sharper;
  }

  /** The label texture, for read-back. */
  get labelTexture(): WebGLTexture | null {
    return this._labels?.texture ?? null;
  }

  /** Throws `ViewerError` (`viewer.label-grid`) for labels of another grid. */
  setLabels(layer: LabelLayer | null): void {
    this._labels?.dispose();
    this._painted?.dispose();
    this._labels = null;
    this._painted = null;
    this.adapter.setLabels(null, null, null);
    if (layer !== null) {
      const { bitmap, dims } = layer.labelMap;
      const labels = new WebGLLabelTexture(this.gl, bitmap, dims);
      try {
        this.adapter.setLabels(labels, bitmap, dims);
      } catch (error) {
        labels.dispose();
        throw error;
      }
      this._labels = labels;
      this._painted = new PaintedBlocks(this.gl, PAINTED_UNIT, bitmap, dims);
      if (this._table !== null) labels.setLut(this._table);
    }
    this._surfaces.redraw();
  }

  uploadBoxes(boxes: readonly VoxelBox[]): void {
    for (const box of boxes) {
      this._labels?.uploadBox(box);
      this._painted?.mark(box);
      this._surfaces.labelsChanged(box);
    }
  }

  setSegments(segments: readonly SegmentAppearance[]): void {
    this._table = segmentTable(segments);
    this._labels?.setLut(this._table);
    this._surfaces.redraw();
  }

  /** Whether the 3D picture, if it is in sight, is as good as it can be. */
  get isSharp(): boolean {
    return this._surfaces.isSharp;
  }

  /** The value of the volume at a voxel position, in its unit; null outside the grid. */
  valueAt(voxel: Vector): number | null {
    const [i, j, k] = [Math.round(voxel[0]), Math.round(voxel[1]), Math.round(voxel[2])];
    const [nx, ny, nz] = this.grid.dims;
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return null;
    return this.valueOf(i + nx * (j + ny * k));
  }

  /** The value at a grid index, in the unit of the volume. */
  valueOf(index: number): number {
    return (this.rendition.stored[index] ?? NaN) * this.rendition.slope + this.rendition.intercept;
  }

  /** Sends pending label changes to the card. */
  flushLabels(): void {
    this._labels?.flush();
  }

  draw(frame: Frame): void {
    const { adapter, gl } = this;
    if (gl.isContextLost()) return;
    this.flushLabels();
    const surfaces = frame.panes.find(pane => pane.kind === 'surfaces');
    if (surfaces === undefined) {
      this._surfaces.stop();
    } else {
      const { width, height } = this._device(surfaces.rectangle);
      const scene = { turn: frame.turn, labelsShown: frame.labelsShown && this._labels !== null };
      this._surfaces.update(scene, width, height, frame.surfaceWork);
    }
    const [low, high] = windowLimits(frame.window);
    const { packing } = this.intensities;
    const limits = [packed(packing, low), packed(packing, high)] as const;
    adapter.begin();
    for (const pane of frame.panes) {
      if (pane.kind === 'surfaces') {
        this._renderer.show(this._device(pane.rectangle), gl.canvas.height);
        continue;
      }
      const slice = sliceAt(this.grid, pane.view.plane, frame.crosshair);
      adapter.drawSlice(pane.view, this._device(pane.view.rectangle), slice, {
        windowLimits: limits,
        interpolate: frame.interpolate,
        labelsShown: frame.labelsShown,
        outlineWidth: frame.outlineWidth * this._ratio,
        mirrored: frame.mirrored
      });
    }
  }

  resize(width: number, height: number, ratio: number): void {
    const { canvas } = this.gl;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    this._ratio = ratio;
  }

  dispose(): void {
    this._labels?.dispose();
    this._painted?.dispose();
    this._surfaces.dispose();
    this._renderer.dispose();
    this.adapter.dispose();
  }

  private _prepareSurfaces(): void {
    this.flushLabels();
    this._painted?.flush();
    this.adapter.bindTextures();
  }

  private _device({ left, top, width, height }: Rectangle): DeviceRectangle {
    const ratio = this._ratio;
    const edge = (value: number): number => Math.round(value * ratio);
    return {
      left: edge(left),
      top: edge(top),
      width: edge(left + width) - edge(left),
      height: edge(top + height) - edge(top)
    };
  }

  private readonly _renderer: SurfaceRenderer;
  private readonly _surfaces: SurfaceRefinement;
  private _painted: PaintedBlocks | null = null;
  private _sharper = (): void => undefined;
  private _labels: WebGLLabelTexture | null = null;
  private _table: Uint8Array | null = null;
  private _ratio = 1;
}
