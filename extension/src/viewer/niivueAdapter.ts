import type { Dims } from '@voxcord/schemas/labelmap';
import { Niivue, NVImage, SLICE_TYPE } from '@niivue/niivue';
import type { Plane } from './contracts.js';
import type { IntensityTexture } from './intensityTexture.js';
import type { WebGLLabelTexture } from './labelTexture.js';
import type { PaneView } from './paneView.js';
import { PLANE_AXES, type ViewedGrid } from './planes.js';
import { SLICE_SHADER } from './sliceShader.js';
import type { DeviceRectangle } from './surfaceRenderer.js';
import { ViewerError } from './viewerError.js';

const SLICE_TYPES = {
  axial: SLICE_TYPE.AXIAL,
  coronal: SLICE_TYPE.CORONAL,
  sagittal: SLICE_TYPE.SAGITTAL
} as const satisfies { readonly [plane in Plane]: SLICE_TYPE };

/** What a frame of slices is drawn with. */
export interface SliceLook {
  /** In units of the intensity texture. */
  readonly windowLimits: readonly [number, number];
  readonly interpolate: boolean;
  readonly labelsShown: boolean;
  /** Device pixels. */
  readonly outlineWidth: number;
  readonly mirrored: boolean;
}

/**
 * NiiVue with its parts that cost a whole volume taken out: it would upload the image again and render it
 * to a windowed RGBA copy (and a gradient of that) at each change of the window, draw at once on each
 * change, and load a font. Here it has the geometry, the projection and the slices; intensities, labels,
 * time of drawing and pointers are ours.
 */
class SliceScene extends Niivue {
  window: { readonly low: readonly [number, number]; readonly high: readonly [number, number] } | null = null;

  override drawScene(): void {
    // Whoever owns the panes draws them, once per animation frame.
  }

  override async initText(): Promise<void> {
    // Texts are DOM elements.
  }

  override refreshLayers(item: NVImage): void {
    if (this.back === null || item.matRAS === undefined || item.dimsRAS === undefined) return;
    this.back.matRAS = item.matRAS;
    this.back.dims = item.dimsRAS;
  }

  /** Asked for first and not used: slices are drawn along the voxel axes (`isSliceMM` is off). */
  override screenFieldOfViewExtendedMM(axCorSag?: number): ReturnType<Niivue['screenFieldOfViewExtendedMM']> {
    return super.screenFieldOfViewExtendedVox(axCorSag);
  }

  override screenFieldOfViewExtendedVox(axCorSag?: number): ReturnType<Niivue['screenFieldOfViewExtendedVox']> {
    const whole = super.screenFieldOfViewExtendedVox(axCorSag);
    if (this.window !== null) {
      [whole.mnMM[0], whole.mnMM[1]] = this.window.low;
      [whole.mxMM[0], whole.mxMM[1]] = this.window.high;
    }
    return whole;
  }
}

/**
 * The one place that knows NiiVue. Owns a canvas and its WebGL2 context and draws slices of one volume
 * with its labels.
 */
export class NiivueAdapter {
  /** `canvas` must have a parent. Throws `ViewerError` (`viewer.no-webgl`). */
  static async attach(canvas: HTMLCanvasElement): Promise<NiivueAdapter> {
    const scene = new SliceScene({
      logLevel: 'silent',
      loadingText: '',
      backColor: [0, 0, 0, 1],
      crosshairWidth: 0,
      show3Dcrosshair: false,
      isOrientationTextVisible: false,
      isOrientCube: false,
      isColorbar: false,
      isRuler: false,
      isResizeCanvas: false,
      isSliceMM: false,
      meshThicknessOn2D: 0,
      interactive: false,
      dragAndDropEnabled: false,
      drawingEnabled: false,
      maxDrawUndoBitmaps: 0,
      thumbnail: ''
    });
    try {
      await scene.attachToCanvas(canvas, false);
    } catch (error) {
      throw new ViewerError(
        'viewer.no-webgl',
        'This browser gives no WebGL2 graphics context, which the image needs. Turn hardware acceleration on, close other tabs with images, or use another browser.',
        { cause: error }
      );
    }
    return new NiivueAdapter(scene);
  }

  private constructor(private readonly scene: SliceScene) {
    this.gl = scene.gl;
    scene.setCustomSliceShader(SLICE_SHADER);
  }

  readonly gl: WebGL2RenderingContext;

  /**
   * Shows a volume whose intensities are on the card. NiiVue works in voxels times spacing: it gets that
   * frame instead of the volume's affine, so the grid that it draws is ours by construction, however
   * oblique the volume lies. Throws `ViewerError` (`viewer.rendition-mismatch`) should it disagree.
   */
  async setVolume(grid: ViewedGrid, intensities: IntensityTexture): Promise<void> {
    const image = await geometryOf(grid);
    const same = [0, 1, 2].every(
      axis => image.dimsRAS?.[axis + 1] === grid.dims[axis] && image.permRAS?.[axis] === axis + 1
    );
    if (!same) {
      throw new ViewerError(
        'viewer.rendition-mismatch',
        'The image would be shown on another grid than labels are painted on. Import the volume again.'
      );
    }
    this.gl.deleteTexture(this.scene.volumeTexture);
    this.scene.volumeTexture = intensities.texture;
    this.scene.volumes = [image];
    this.scene.back = image;
    this.scene.overlays = [];
    this.scene.refreshLayers(image);
    this._grid = grid;
    this._smoothed = null;
  }

  /** `bitmap` itself becomes NiiVue's drawing; it is never copied. */
  setLabels(labels: WebGLLabelTexture | null, bitmap: Uint8Array | null, dims: Dims | null): void {
    if (
      labels !== null &&
      (this._grid === null || dims === null || dims.some((count, axis) => count !== this._grid?.dims[axis]))
    ) {
      throw new ViewerError(
        'viewer.label-grid',
        'These labels are on another grid than the image, so they cannot be shown on it. Open them with their own volume.'
      );
    }
    this._labels = labels;
    this.scene.drawBitmap = bitmap;
    this.scene.clickToSegmentGrowingBitmap = null;
  }

  /** Clears the picture and makes ready for `drawSlice`. */
  begin(): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.scene.screenSlices = [];
    this.bindTextures();
  }

  bindTextures(): void {
    this.gl.activeTexture(this.gl.TEXTURE0);
    this.gl.bindTexture(this.gl.TEXTURE_3D, this.scene.volumeTexture);
    this._labels?.bind();
  }

  /** Draws the slice through voxel `slice` of the pane's plane. */
  drawSlice(pane: PaneView, rectangle: DeviceRectangle, slice: number, look: SliceLook): void {
    const shader = this.scene.customSliceShader;
    if (this._grid === null || shader === null) return;
    const { gl, scene } = this;
    const { normal } = PLANE_AXES[pane.plane];
    scene.opts.isRadiologicalConvention = look.mirrored;
    scene.opts.sagittalNoseLeft = look.mirrored;
    scene.scene.pan2Dxyzmm = [0, 0, 0, 1];
    scene.scene.crosshairPos[normal] = (slice + 0.5) / this._grid.dims[normal];
    scene.window = pane.window;
    this._smooth(look.interpolate);
    shader.use(gl);
    const at = (name: string): WebGLUniformLocation | null => shader.uniforms[name] ?? null;
    gl.uniform1i(at('segmentTable'), 11);
    gl.uniform2f(at('windowLimits'), ...look.windowLimits);
    gl.uniform1f(at('outlineWidth'), look.outlineWidth);
    gl.uniform1f(at('labelsShown'), look.labelsShown && this._labels !== null ? 1 : 0);
    const { left, top, width, height } = rectangle;
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(left, gl.canvas.height - top - height, width, height);
    scene.draw2DMain([left, top, width, height], SLICE_TYPES[pane.plane], NaN);
    gl.disable(gl.SCISSOR_TEST);
    scene.window = null;
  }

  /** Frees everything, the context too: browsers give a page only a few. */
  dispose(): void {
    this.scene.cleanup();
    this.gl.deleteTexture(this.scene.volumeTexture);
    this.scene.volumeTexture = null;
    this.scene.drawBitmap = null;
    this.scene.volumes = [];
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private _smooth(interpolate: boolean): void {
    if (this._smoothed === interpolate) return;
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_3D, filter, interpolate ? gl.LINEAR : gl.NEAREST);
    }
    this._smoothed = interpolate;
  }

  private _grid: ViewedGrid | null = null;
  private _labels: WebGLLabelTexture | null = null;
  private _smoothed: boolean | null = null;
}

/** A NiiVue image that has the grid's geometry and no values. */
async function geometryOf({ dims, spacing }: ViewedGrid): Promise<NVImage> {
  const affine = [spacing[0], 0, 0, 0, 0, spacing[1], 0, 0, 0, 0, spacing[2], 0, 0, 0, 0, 1];
  const bytes = NVImage.createNiftiArray([1, 1, 1], [...spacing], affine, undefined, Uint8Array.of(0));
  // In spite of its name this fetches nothing when it gets bytes.
  const image = await NVImage.loadFromUrl({ url: bytes, name: 'grid.nii' });
  if (image.hdr === null) throw new Error('NiiVue did not read its own header.');
  image.hdr.dims.splice(1, 3, ...dims);
  image.calculateRAS();
  return image;
}
