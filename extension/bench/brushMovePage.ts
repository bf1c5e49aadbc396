import { LabelMap, StrokePainter } from '@voxcord/schemas/labelmap';
import { Niivue, NVImage } from '@niivue/niivue';
import { WebGLLabelTexture } from '../src/viewer/labelTexture.js';

/*
 * One pointer move of a brush, from the voxel under the pointer to the texel on the graphics card:
 * rasterise, paint, upload the box. Against NiiVue's own `refreshDrawing`, which it calls at each move of
 * its pen, in the same page and context, on a volume of the same size.
 */

export interface BrushMoveOptions {
  readonly dims: readonly [number, number, number];
  readonly moves: number;
  readonly refreshes: number;
}

export interface BrushMoveTimes {
  /** ms, each with the wait for the graphics card. */
  readonly moves: readonly number[];
  /** ms of the same moves until the upload is handed to the driver. */
  readonly cpu: readonly number[];
  readonly refreshes: readonly number[];
  /** Texels on the card that differ from the bitmap afterwards; must be 0. */
  readonly wrong: number;
}

declare global {
  interface Window {
    measureBrushMove(options: BrushMoveOptions): Promise<BrushMoveTimes>;
  }
}

window.measureBrushMove = async ({ dims, moves, refreshes }) => {
  const scene = await openNiivue(dims);
  const { gl } = scene;
  const labelMap = new LabelMap(dims);
  const texture = new WebGLLabelTexture(gl, labelMap.bitmap, dims);
  const pixel = new Uint8Array(4);
  const frame = gl.createFramebuffer();
  /** Waits until the card has done all that it was told: reading a texel of the texture needs it. */
  const wait = (): void => {
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture.texture, 0, 0);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  };
  wait();

  const random = seeded(7);
  const painter = new StrokePainter({ dims, spacing: [1, 1, 1] });
  const times: number[] = [];
  const cpu: number[] = [];
  while (times.length < moves) {
    const position: [number, number, number] = [random() * dims[0], random() * dims[1], random() * dims[2]];
    const sphere = random() < 0.2;
    const axis = random() < 0.6 ? 2 : random() < 0.5 ? 1 : 0;
    painter.begin({ shape: sphere ? 'sphere' : 'disc', radius: 3 + 7 * random(), axis });
    for (let sample = 0; sample < 60; sample++) {
      for (const along of [0, 1, 2] as const) {
        if (sphere || along !== axis) position[along] = wander(position[along], dims[along], random);
      }
      const begun = performance.now();
      painter.moveTo([position[0], position[1], position[2]]);
      const covered = painter.newlyCovered();
      if (covered !== null)
        for (const box of labelMap.paintProvisional(covered, 1 + (sample % 5))) texture.uploadBox(box);
      texture.flush();
      cpu.push(performance.now() - begun);
      wait();
      times.push(performance.now() - begun);
    }
    painter.end();
    await new Promise(resolve => setTimeout(resolve));
  }

  const wrong = countWrong(gl, texture, labelMap.bitmap, dims);
  // NiiVue scans its bitmap for the first label: half-way is what a lesion somewhere in the body costs.
  const drawing = new Uint8Array(labelMap.bitmap.length);
  drawing[drawing.length >> 1] = 1;
  scene.drawBitmap = drawing;
  scene.drawTexture = texture.texture;
  const baseline: number[] = [];
  for (let index = 0; index < refreshes; index++) {
    const begun = performance.now();
    scene.refreshDrawing(false);
    wait();
    baseline.push(performance.now() - begun);
  }
  return { moves: times, cpu, refreshes: baseline, wrong };
};

/** A NiiVue of the right size. What its image holds makes no difference to its drawing. */
async function openNiivue(dims: readonly [number, number, number]): Promise<Niivue> {
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  const scene = new Niivue({ logLevel: 'silent', isResizeCanvas: false, interactive: false, maxDrawUndoBitmaps: 0 });
  await scene.attachToCanvas(canvas, false);
  const image = new NVImage();
  image.dimsRAS = [3, ...dims];
  scene.back = image;
  image.dims = [3, ...dims];
  return scene;
}

function countWrong(
  gl: WebGL2RenderingContext,
  texture: WebGLLabelTexture,
  bitmap: Uint8Array,
  dims: readonly number[]
): number {
  const [nx = 0, ny = 0, nz = 0] = dims;
  const frame = gl.createFramebuffer();
  const rgba = new Uint8Array(4 * nx * ny);
  let wrong = 0;
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  for (let k = 0; k < nz; k++) {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture.texture, 0, k);
    gl.readPixels(0, 0, nx, ny, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
    for (let index = 0; index < nx * ny; index++) if (rgba[4 * index] !== bitmap[k * nx * ny + index]) wrong++;
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(frame);
  return wrong;
}

function wander(value: number, count: number, random: () => number): number {
  return Math.min(count - 1, Math.max(0, value + 8 * (random() - 0.5)));
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
