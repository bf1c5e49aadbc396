import type { ViewedGrid } from './planes.js';
import { SURFACE_SHADER, SURFACE_VERTEX_SHADER } from './shaders.js';
import { type Turn, viewAxes } from './turn.js';

/** Device pixels from the top left of the canvas. */
export interface DeviceRectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface SurfaceScene {
  readonly grid: ViewedGrid;
  readonly turn: Turn;
  /** In units of the intensity texture. */
  readonly windowLimits: readonly [number, number];
  readonly labelsShown: boolean;
}

/** What one picture may take: while it turns, and once it rests. */
const TURNING_MS = 40;
const RESTING_MS = 400;
const SMALLEST_SCALE = 0.12;

/**
 * Renders labels as surfaces into a picture of its own and shows that picture until something changes: a
 * 3D picture costs a hundred slices, so it must not be made again for each stroke or crosshair. On slow
 * hardware the picture is made smaller instead of late.
 */
export class SurfaceRenderer {
  constructor(private readonly gl: WebGL2RenderingContext) {
    this._program = compile(gl);
    this._frame = gl.createFramebuffer();
    this._corners = gl.createVertexArray();
  }

  /** The picture is no longer true. */
  markStale(): void {
    this._quality = 'none';
  }

  /** Whether a sharper picture can be had. */
  get quality(): 'none' | 'turning' | 'resting' {
    return this._quality;
  }

  /** Makes the picture. The textures must be bound to units 0 (intensities), 7 (labels), 11 (colours). */
  render(scene: SurfaceScene, rectangle: DeviceRectangle, quality: 'turning' | 'resting'): void {
    const { gl } = this;
    const scale = this._scaleFor(quality);
    const width = Math.max(1, Math.round(rectangle.width * scale));
    const height = Math.max(1, Math.round(rectangle.height * scale));
    this._resize(width, height);
    const begun = performance.now();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._frame);
    gl.viewport(0, 0, width, height);
    gl.disable(gl.BLEND);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.CULL_FACE);
    gl.useProgram(this._program);
    this._setUniforms(scene, width, height);
    gl.bindVertexArray(this._corners);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.bindVertexArray(null);
    // Reading a pixel is the one way to wait for the hardware, and so to learn how fast it is.
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this._msPerPixel = Math.max(1e-9, (performance.now() - begun) / (width * height));
    this._pixels = rectangle.width * rectangle.height;
    this._quality = quality;
  }

  /** Shows the picture where the pane is. */
  show(rectangle: DeviceRectangle, canvasHeight: number): void {
    const { gl } = this;
    if (this._size === null) return;
    const bottom = canvasHeight - rectangle.top - rectangle.height;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this._frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(
      0,
      0,
      this._size.width,
      this._size.height,
      rectangle.left,
      bottom,
      rectangle.left + rectangle.width,
      bottom + rectangle.height,
      gl.COLOR_BUFFER_BIT,
      gl.LINEAR
    );
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  dispose(): void {
    const { gl } = this;
    gl.deleteProgram(this._program);
    gl.deleteFramebuffer(this._frame);
    gl.deleteVertexArray(this._corners);
    gl.deleteTexture(this._picture);
  }

  private _scaleFor(quality: 'turning' | 'resting'): number {
    if (this._msPerPixel === null) return SMALLEST_SCALE;
    const budget = quality === 'turning' ? TURNING_MS : RESTING_MS;
    return Math.min(1, Math.max(SMALLEST_SCALE, Math.sqrt(budget / (this._msPerPixel * Math.max(1, this._pixels)))));
  }

  private _setUniforms(scene: SurfaceScene, width: number, height: number): void {
    const { gl } = this;
    const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this._program, name);
    const { dims, spacing } = scene.grid;
    const extent = [dims[0] * spacing[0], dims[1] * spacing[1], dims[2] * spacing[2]] as const;
    const axes = viewAxes(scene.turn);
    const reach = (Math.hypot(...extent) / 2 / scene.turn.zoom) * 0.8;
    const shorter = Math.min(width, height);
    gl.uniform1i(at('volume'), 0);
    gl.uniform1i(at('drawing'), 7);
    gl.uniform1i(at('segmentTable'), 11);
    gl.uniform2f(at('windowLimits'), ...scene.windowLimits);
    gl.uniform3f(at('voxels'), ...dims);
    gl.uniform3f(at('extent'), ...extent);
    gl.uniform3f(at('right'), ...axes.right);
    gl.uniform3f(at('up'), ...axes.up);
    gl.uniform3f(at('forward'), ...axes.forward);
    gl.uniform2f(at('halfView'), (reach * width) / shorter, (reach * height) / shorter);
    gl.uniform1f(at('stepVoxels'), 0.8);
    gl.uniform1f(at('labelsShown'), scene.labelsShown ? 1 : 0);
    gl.uniform1f(at('imageShown'), 0.4);
  }

  private _resize(width: number, height: number): void {
    if (this._size?.width === width && this._size.height === height) return;
    const { gl } = this;
    gl.deleteTexture(this._picture);
    this._picture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE12);
    gl.bindTexture(gl.TEXTURE_2D, this._picture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this._picture, 0);
    gl.bindTexture(gl.TEXTURE_2D, null);
    this._size = { width, height };
  }

  private readonly _program: WebGLProgram;
  private readonly _frame: WebGLFramebuffer;
  private readonly _corners: WebGLVertexArrayObject;
  private _picture: WebGLTexture | null = null;
  private _size: { readonly width: number; readonly height: number } | null = null;
  private _quality: 'none' | 'turning' | 'resting' = 'none';
  private _msPerPixel: number | null = null;
  private _pixels = 1;
}

function compile(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, SURFACE_VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, SURFACE_SHADER]
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error('The graphics context is lost.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
    throw new Error(`The surface shader does not compile: ${gl.getProgramInfoLog(program) ?? ''}`);
  }
  return program;
}
