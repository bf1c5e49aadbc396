import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { blockDims, markPainted } from './blocks.js';

/** Which blocks of a label map hold anything, as an R8 3D texture: the 3D picture steps over the others. */
export class PaintedBlocks {
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly unit: number,
    private readonly bitmap: Uint8Array,
    private readonly voxels: Dims
  ) {
    const dims = blockDims(voxels);
    this._painted = new Uint8Array(dims[0] * dims[1] * dims[2]);
    this._texture = gl.createTexture();
    this.bind();
    gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R8, ...dims);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST);
    }
    this.mark({ min: [0, 0, 0], max: [voxels[0] - 1, voxels[1] - 1, voxels[2] - 1] });
  }

  /** Labels in a box changed. */
  mark(box: VoxelBox): void {
    this._pending.push(box);
  }

  /** Looks at what changed and brings it to the card. */
  flush(): void {
    this.bind();
    if (this._pending.length === 0) return;
    for (const box of this._pending) markPainted(this.bitmap, this.voxels, box, this._painted);
    this._pending = [];
    const { gl } = this;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, 0, ...blockDims(this.voxels), gl.RED, gl.UNSIGNED_BYTE, this._painted);
  }

  dispose(): void {
    this.gl.deleteTexture(this._texture);
  }

  private bind(): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + this.unit);
    this.gl.bindTexture(this.gl.TEXTURE_3D, this._texture);
  }

  private readonly _texture: WebGLTexture;
  private readonly _painted: Uint8Array;
  private _pending: VoxelBox[] = [];
}
