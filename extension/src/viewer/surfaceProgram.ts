import { SURFACE_SHADER, SURFACE_VERTEX_SHADER } from './surfaceShader.js';

/** The shader of the 3D picture, with its uniforms looked up once. Drivers compile it while the page goes on. */
export class SurfaceProgram {
  constructor(private readonly gl: WebGL2RenderingContext) {
    this._parallel = gl.getExtension('KHR_parallel_shader_compile');
    this._program = compile(gl);
    this._corners = gl.createVertexArray();
  }

  /** False while the driver compiles. Throws if it cannot. */
  get isReady(): boolean {
    const { gl } = this;
    if (this._isReady || gl.isContextLost()) return this._isReady;
    const isCompiling =
      this._parallel !== null && gl.getProgramParameter(this._program, this._parallel.COMPLETION_STATUS_KHR) === false;
    if (isCompiling) return false;
    if (gl.getProgramParameter(this._program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
      throw new Error(`The surface shader does not compile: ${gl.getProgramInfoLog(this._program) ?? ''}`);
    }
    this._isReady = true;
    return true;
  }

  use(): void {
    this.gl.useProgram(this._program);
  }

  integers(values: { readonly [uniform: string]: number }): void {
    for (const [name, value] of Object.entries(values)) this.gl.uniform1i(this._at(name), value);
  }

  /** One to three numbers each. */
  floats(values: { readonly [uniform: string]: readonly number[] }): void {
    const { gl } = this;
    for (const [name, value] of Object.entries(values)) {
      if (value.length === 1) gl.uniform1fv(this._at(name), value);
      else if (value.length === 2) gl.uniform2fv(this._at(name), value);
      else gl.uniform3fv(this._at(name), value);
    }
  }

  /** Draws the whole viewport, or what the scissors leave of it. */
  draw(): void {
    const { gl } = this;
    gl.bindVertexArray(this._corners);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.bindVertexArray(null);
  }

  dispose(): void {
    this.gl.deleteProgram(this._program);
    this.gl.deleteVertexArray(this._corners);
  }

  private _at(name: string): WebGLUniformLocation | null {
    const known = this._locations.get(name);
    if (known !== undefined) return known;
    const location = this.gl.getUniformLocation(this._program, name);
    this._locations.set(name, location);
    return location;
  }

  private readonly _program: WebGLProgram;
  private readonly _corners: WebGLVertexArrayObject;
  private readonly _parallel: KHR_parallel_shader_compile | null;
  private _isReady = false;
  private readonly _locations = new Map<string, WebGLUniformLocation | null>();
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
  return program;
}
