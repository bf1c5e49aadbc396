import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { BlockMaxima } from './blocks.js';
import { halfBits, type Packing, packed } from './halfFloat.js';
import { type ImageLook, LOOK_ENTRIES } from './imageLook.js';
import type { ViewedGrid } from './planes.js';
import { SurfaceProgram } from './surfaceProgram.js';
import { projectedBox, type SurfaceProjection, surfaceProjection } from './surfaceProjection.js';
import type { Tile } from './tileQueue.js';
import type { Turn } from './turn.js';

/** Device pixels from the top left of the canvas. */
export interface DeviceRectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the 3D picture shows. */
export interface SurfaceScene {
  readonly turn: Turn;
  readonly labelsShown: boolean;
}

/** The image of a 3D picture. Its values are on texture unit 0. */
export interface SurfaceImage {
  readonly grid: ViewedGrid;
  readonly maxima: BlockMaxima;
  readonly packing: Packing;
  readonly look: ImageLook;
}

/** Texture units that neither NiiVue's slices nor the labels use. */
const PICTURE_UNIT = 12;
const LOOK_UNIT = 13;
const MAXIMA_UNIT = 14;
export const PAINTED_UNIT = 15;

/** Voxels between two looks along a ray. */
const FINE_STEP = 0.5;
const COARSE_STEP = 1;

/** Draws image and labels in 3D into a picture of its own, all of it coarsely or parts of it sharply. */
export class SurfaceRenderer {
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly image: SurfaceImage
  ) {
    const { grid, maxima, packing, look } = image;
    this._coarse = new Target(gl);
    this._picture = new Target(gl);
    this._smoothly = gl.createSampler();
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.samplerParameteri(this._smoothly, filter, gl.LINEAR);
    }
    for (const edge of [gl.TEXTURE_WRAP_R, gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
      gl.samplerParameteri(this._smoothly, edge, gl.CLAMP_TO_EDGE);
    }
    const [nx, ny, nz] = grid.dims;
    const everything: VoxelBox = { min: [0, 0, 0], max: [nx - 1, ny - 1, nz - 1] };
    this._content = maxima.boxAbove(halfBits(packed(packing, look.seenFrom))) ?? everything;
    this._maxima = this._uploadMaxima();
    this._look = this._uploadLook();
  }

  /** False until the shader is compiled: nothing can be drawn yet. */
  get isReady(): boolean {
    return this._program?.isReady === true;
  }

  /** Has the shader compiled, which may take the driver a second. The slices should be there before. */
  makeReady(): void {
    this._program ??= new SurfaceProgram(this.gl);
  }

  /** Draws everything on `pixels` pixels and stretches it over a picture of the given size. */
  drawCoarse(scene: SurfaceScene, width: number, height: number, pixels: number): number {
    const { gl } = this;
    this._picture.resize(width, height);
    const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
    const [across, up] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    this._coarse.resize(across, up);
    this._begin(scene, this._coarse, { fine: false })?.draw();
    this._end();
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this._coarse.frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this._picture.frame);
    gl.blitFramebuffer(0, 0, across, up, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.LINEAR);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return across * up;
  }

  /** Draws some tiles of the picture as well as it goes. */
  drawTiles(scene: SurfaceScene, tiles: readonly Tile[]): void {
    const { gl } = this;
    const program = this._begin(scene, this._picture, { fine: true });
    gl.enable(gl.SCISSOR_TEST);
    for (const { left, bottom, width, height } of tiles) {
      gl.scissor(left, bottom, width, height);
      program?.draw();
    }
    gl.disable(gl.SCISSOR_TEST);
    this._end();
  }

  /** Where a box of voxels is seen in the picture, in pixels from the bottom left. */
  placeOf(scene: SurfaceScene, box: VoxelBox): ReturnType<typeof projectedBox> {
    const { width, height } = this._picture.size ?? { width: 1, height: 1 };
    return projectedBox(this._projection(scene, width, height), this.image.grid, box, width, height);
  }

  /** Shows the picture where the pane is. */
  show(rectangle: DeviceRectangle, canvasHeight: number): void {
    const { gl } = this;
    const { size, frame } = this._picture;
    if (size === null) return;
    const bottom = canvasHeight - rectangle.top - rectangle.height;
    const [right, top] = [rectangle.left + rectangle.width, bottom + rectangle.height];
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(
      0,
      0,
      size.width,
      size.height,
      rectangle.left,
      bottom,
      right,
      top,
      gl.COLOR_BUFFER_BIT,
      gl.NEAREST
    );
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  dispose(): void {
    const { gl } = this;
    this._program?.dispose();
    this._coarse.dispose();
    this._picture.dispose();
    gl.deleteTexture(this._maxima);
    gl.deleteTexture(this._look);
    gl.deleteSampler(this._smoothly);
  }

  private _projection({ turn }: SurfaceScene, width: number, height: number): SurfaceProjection {
    return surfaceProjection(this.image.grid, this._content, turn, width, height);
  }

  private _begin(scene: SurfaceScene, target: Target, { fine }: { readonly fine: boolean }): SurfaceProgram | null {
    const { gl, _program: program } = this;
    if (program === null) return null;
    const { grid, packing, look } = this.image;
    const { width, height } = target.size ?? { width: 1, height: 1 };
    gl.activeTexture(gl.TEXTURE0 + MAXIMA_UNIT);
    gl.bindTexture(gl.TEXTURE_3D, this._maxima);
    gl.activeTexture(gl.TEXTURE0 + LOOK_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, this._look);
    gl.bindSampler(0, this._smoothly);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.frame);
    gl.viewport(0, 0, width, height);
    gl.disable(gl.SCISSOR_TEST);
    gl.disable(gl.BLEND);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.CULL_FACE);
    const { axes, middle, half } = this._projection(scene, width, height);
    const { dims, spacing } = grid;
    program.use();
    program.integers({
      volume: 0,
      drawing: 7,
      segmentTable: 11,
      look: LOOK_UNIT,
      maxima: MAXIMA_UNIT,
      painted: PAINTED_UNIT,
      labelsShown: scene.labelsShown ? 1 : 0,
      fine: fine ? 1 : 0
    });
    program.floats({
      lookRange: [packed(packing, look.low), packed(packing, look.high)],
      seenFrom: [packed(packing, look.seenFrom)],
      voxels: dims,
      extent: [dims[0] * spacing[0], dims[1] * spacing[1], dims[2] * spacing[2]],
      middle,
      right: axes.right,
      up: axes.up,
      forward: axes.forward,
      halfView: half,
      stepVoxels: [fine ? FINE_STEP : COARSE_STEP]
    });
    return program;
  }

  private _end(): void {
    this.gl.bindSampler(0, null);
    this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
  }

  private _uploadMaxima(): WebGLTexture {
    const { gl } = this;
    const { maxima } = this.image;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + MAXIMA_UNIT);
    gl.bindTexture(gl.TEXTURE_3D, texture);
    gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R16F, ...maxima.dims);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST);
    }
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, 0, ...maxima.dims, gl.RED, gl.HALF_FLOAT, maxima.halves());
    return texture;
  }

  private _uploadLook(): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + LOOK_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, LOOK_ENTRIES, 1);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
    }
    for (const edge of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
      gl.texParameteri(gl.TEXTURE_2D, edge, gl.CLAMP_TO_EDGE);
    }
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, LOOK_ENTRIES, 1, gl.RGBA, gl.UNSIGNED_BYTE, this.image.look.table);
    return texture;
  }

  private _program: SurfaceProgram | null = null;
  private readonly _coarse: Target;
  private readonly _picture: Target;
  private readonly _content: VoxelBox;
  private readonly _maxima: WebGLTexture;
  private readonly _look: WebGLTexture;
  private readonly _smoothly: WebGLSampler;
}

/** A picture that is drawn into. */
class Target {
  readonly frame: WebGLFramebuffer;
  size: { readonly width: number; readonly height: number } | null = null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.frame = gl.createFramebuffer();
  }

  resize(width: number, height: number): void {
    if (this.size?.width === width && this.size.height === height) return;
    const { gl } = this;
    gl.deleteTexture(this._texture);
    this._texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + PICTURE_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, this._texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this._texture, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.bindTexture(gl.TEXTURE_2D, null);
    this.size = { width, height };
  }

  dispose(): void {
    this.gl.deleteTexture(this._texture);
    this.gl.deleteFramebuffer(this.frame);
  }

  private _texture: WebGLTexture | null = null;
}
