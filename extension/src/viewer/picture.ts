import type { Volume } from '@voxcord/schemas/api';
import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { LabelLayer, SegmentAppearance, Vector, ViewerVolume, Window } from './contracts.js';
import { type IntensityTexture, uploadIntensities } from './intensityTexture.js';
import { WebGLLabelTexture } from './labelTexture.js';
import { readRendition, type Rendition } from './niftiRendition.js';
import type { NiivueAdapter } from './niivueAdapter.js';
import type { PaneView, Rectangle } from './paneView.js';
import { sliceAt, type ViewedGrid } from './planes.js';
import { segmentTable } from './segmentTable.js';
import { type DeviceRectangle, SurfaceRenderer } from './surfaceRenderer.js';
import type { Turn } from './turn.js';
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
  /** What to do about a 3D picture that is no longer true. */
  readonly surfaces: 'keep' | 'turning' | 'resting';
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
    private readonly volume: Volume,
    readonly grid: ViewedGrid,
    private readonly rendition: Rendition,
    private readonly intensities: IntensityTexture
  ) {
    this._surfaces = new SurfaceRenderer(adapter.gl);
  }

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

  /** The label texture, for read-back. */
  get labelTexture(): WebGLTexture | null {
    return this._labels?.texture ?? null;
  }

  /** Throws `ViewerError` (`viewer.label-grid`) for labels of another grid. */
  setLabels(layer: LabelLayer | null): void {
    this._labels?.dispose();
    this._labels = null;
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
      if (this._table !== null) labels.setLut(this._table);
    }
    this._surfaces.markStale();
  }

  uploadBoxes(boxes: readonly VoxelBox[]): void {
    for (const box of boxes) this._labels?.uploadBox(box);
    this._surfaces.markStale();
  }

  setSegments(segments: readonly SegmentAppearance[]): void {
    this._table = segmentTable(segments);
    this._labels?.setLut(this._table);
    this._surfaces.markStale();
  }

  markSurfacesStale(): void {
    this._surfaces.markStale();
  }

  /** Whether a better 3D picture can be made. */
  get surfaceQuality(): 'none' | 'turning' | 'resting' {
    return this._surfaces.quality;
  }

  /** The value of the volume at a voxel position, in its unit; null outside the grid. */
  valueAt(voxel: Vector): number | null {
    const [i, j, k] = [Math.round(voxel[0]), Math.round(voxel[1]), Math.round(voxel[2])];
    const [nx, ny, nz] = this.grid.dims;
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return null;
    const stored = this.rendition.stored[i + nx * (j + ny * k)];
    return stored === undefined ? null : stored * this.rendition.slope + this.rendition.intercept;
  }

  /** Sends pending label changes to the card. */
  flushLabels(): void {
    this._labels?.flush();
  }

  draw(frame: Frame): void {
    const { adapter, gl } = this;
    if (gl.isContextLost()) return;
    this.flushLabels();
    const limits = this._packed(windowLimits(frame.window));
    const surfaces = frame.panes.find(pane => pane.kind === 'surfaces');
    if (surfaces !== undefined && frame.surfaces !== 'keep') {
      adapter.bindTextures();
      const scene = {
        grid: this.grid,
        turn: frame.turn,
        windowLimits: this._brightPart(frame.window),
        labelsShown: frame.labelsShown && this._labels !== null
      };
      this._surfaces.render(scene, this._device(surfaces.rectangle), frame.surfaces);
    }
    adapter.begin();
    for (const pane of frame.panes) {
      if (pane.kind === 'surfaces') {
        this._surfaces.show(this._device(pane.rectangle), gl.canvas.height);
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
    this._surfaces.markStale();
  }

  dispose(): void {
    this._labels?.dispose();
    this._surfaces.dispose();
    this.adapter.dispose();
  }

  private _packed([low, high]: readonly [number, number]): readonly [number, number] {
    const { centre, scale } = this.intensities.packing;
    return [(low - centre) * scale, (high - centre) * scale];
  }

  /** What the projection behind the surfaces shows: from the middle of the window to well above it (bone, vessels). */
  private _brightPart({ width, level }: Window): readonly [number, number] {
    const brightest = Math.min(this.volume.range[1], level + 2 * width);
    return this._packed([level, Math.max(brightest, level + width / 2)]);
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

  private readonly _surfaces: SurfaceRenderer;
  private _labels: WebGLLabelTexture | null = null;
  private _table: Uint8Array | null = null;
  private _ratio = 1;
}
