import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { planUpload } from './boxMerging.js';
import { TABLE_BYTES } from './segmentTable.js';

/** A label map on the graphics card. */
export interface LabelTextureBackend {
  /** Makes the voxels of one box equal to the bitmap's, within the next frame. */
  uploadBox(box: VoxelBox): void;
  /** Table of `segmentTable()`. */
  setLut(table: Uint8Array): void;
  dispose(): void;
}

/** NiiVue's texture units. 7 is where its shaders look for the drawing; 11 is free. */
const LABELS_UNIT = 7;
const TABLE_UNIT = 11;

/**
 * A label map as an R8 3D texture on the unit of NiiVue's drawing. Boxes go up straight from the bitmap:
 * the driver picks the rows out, nothing is copied here.
 */
export class WebGLLabelTexture implements LabelTextureBackend {
  readonly texture: WebGLTexture;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly bitmap: Uint8Array,
    private readonly dims: Dims
  ) {
    this.texture = gl.createTexture();
    this._table = gl.createTexture();
    this.bindLabels();
    gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R8, ...dims);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST);
    }
    for (const edge of [gl.TEXTURE_WRAP_R, gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
      gl.texParameteri(gl.TEXTURE_3D, edge, gl.CLAMP_TO_EDGE);
    }
    this.uploadEverything();
    this.bindTable();
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 256, 2);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    }
    this.setLut(new Uint8Array(TABLE_BYTES));
  }

  uploadBox(box: VoxelBox): void {
    this._pending.push(box);
  }

  get isStale(): boolean {
    return this._pending.length > 0;
  }

  /** Uploads what is pending; once per frame. */
  flush(): void {
    if (this._pending.length === 0) return;
    const upload = planUpload(this._pending);
    this._pending = [];
    if (upload.kind === 'everything') {
      this.uploadEverything();
      return;
    }
    this.bindLabels();
    for (const box of upload.boxes) this._upload(box);
  }

  setLut(table: Uint8Array): void {
    const { gl } = this;
    this.bindTable();
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 2, gl.RGBA, gl.UNSIGNED_BYTE, table);
  }

  /** Binds both textures where the shaders look for them. */
  bind(): void {
    this.bindLabels();
    this.bindTable();
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.gl.deleteTexture(this._table);
  }

  uploadEverything(): void {
    const [nx, ny, nz] = this.dims;
    this.bindLabels();
    this._upload({ min: [0, 0, 0], max: [nx - 1, ny - 1, nz - 1] });
  }

  private _upload({ min, max }: VoxelBox): void {
    const { gl, bitmap } = this;
    const [nx, ny] = this.dims;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, nx);
    gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, ny);
    gl.texSubImage3D(
      gl.TEXTURE_3D,
      0,
      ...min,
      max[0] - min[0] + 1,
      max[1] - min[1] + 1,
      max[2] - min[2] + 1,
      gl.RED,
      gl.UNSIGNED_BYTE,
      bitmap,
      min[0] + nx * (min[1] + ny * min[2])
    );
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
    gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, 0);
  }

  private bindLabels(): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + LABELS_UNIT);
    this.gl.bindTexture(this.gl.TEXTURE_3D, this.texture);
  }

  private bindTable(): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + TABLE_UNIT);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this._table);
  }

  private readonly _table: WebGLTexture;
  private _pending: VoxelBox[] = [];
}
