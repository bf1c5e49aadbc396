import { affineFromRows, invert, transformPoint } from '@voxcord/schemas/geometry';
import { encodeStrokes, LabelMap, type PaintedRegion, type VoxelBox } from '@voxcord/schemas/labelmap';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import {
  CaseViewer,
  type CursorInView,
  LabelLayer,
  type LocalPreview,
  type PaintTarget,
  type Vector,
  type ViewerVolume
} from '../../../src/viewer/index.js';
import { affineOf, OBLIQUE, viewerVolumeOf } from './syntheticVolume.js';
import '../../../style/viewer.css';

/** What the tests reach in the page. */
export interface Harness {
  readonly viewer: CaseViewer;
  readonly volume: ViewerVolume;
  readonly layer: LabelLayer;
  readonly commits: { readonly region: PaintedRegion; readonly segment: number; readonly tool: string }[];
  readonly previews: LocalPreview[];
  /** What was told about the pointer. */
  readonly cursors: (CursorInView | null)[];
  /** Begins, commits and cancels of strokes, in order. */
  readonly events: string[];
  mayPaint: boolean;
  /** Inserts a finished stroke as a read's document would; returns what changed. */
  keep(region: PaintedRegion, segment: number): readonly VoxelBox[];
  /** Resolves after the next frame was drawn. */
  frame(): Promise<void>;
  /** The label texture as it is on the graphics card, i fastest. */
  readTexture(): Uint8Array;
  /** Page position (CSS pixels) of a world point in a plane's pane. */
  place(plane: string, world: Vector): { readonly x: number; readonly y: number };
  world(voxel: Vector): Vector;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const SEGMENTS = [
  { number: 1, name: 'Liver', colour: '#ffa640' },
  { number: 2, name: 'HCC nodule', colour: '#f04e64' },
  { number: 3, name: 'Kidneys', colour: '#58c4ff' }
];

async function start(): Promise<void> {
  const viewer = new CaseViewer({ trans: nullTranslator.load('voxcord') });
  const layer = new LabelLayer(new LabelMap(OBLIQUE.dims));
  const commits: Harness['commits'] = [];
  const previews: LocalPreview[] = [];
  const cursors: Harness['cursors'] = [];
  const events: string[] = [];
  let mayPaint = true;
  const target: PaintTarget = {
    get mayPaint() {
      return mayPaint;
    },
    whyNot: 'This read is submitted.',
    begin: () => void events.push('begin'),
    cancel: () => void events.push('cancel'),
    commit: (region, segment, tool) => {
      events.push('commit');
      commits.push({ region: { box: region.box, mask: region.mask.slice() }, segment, tool });
      layer.markDirty(keep(layer.labelMap, region, segment));
    },
    preview: part => void previews.push(part)
  };
  viewer.cursorMoved.connect((_viewer, cursor) => void cursors.push(cursor));
  Widget.attach(viewer, document.body);
  const volume = viewerVolumeOf(OBLIQUE);
  await viewer.setVolume(volume);
  if (viewer.phase.phase === 'failed') throw viewer.phase.error;
  viewer.setLabels(layer);
  viewer.setSegments(
    SEGMENTS.map(({ number, name, colour }) => ({
      segment: { number, name, colour, codes: [], retired: false },
      visible: true,
      opacity: 0.45
    }))
  );
  viewer.setPaintTarget(target);
  window.harness = {
    viewer,
    volume,
    layer,
    commits,
    previews,
    cursors,
    events,
    get mayPaint() {
      return mayPaint;
    },
    set mayPaint(may) {
      mayPaint = may;
      viewer.setPaintTarget(target);
    },
    keep: (region, segment) => keep(layer.labelMap, region, segment),
    frame: () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    readTexture: () => readTexture(viewer),
    place: (plane, world) => place(viewer, plane, world),
    world: voxel => worldOf(voxel)
  };
}

let clock = 0;

function keep(labelMap: LabelMap, region: PaintedRegion, segment: number): readonly VoxelBox[] {
  const stroke = {
    lamport: labelMap.nextLamport(),
    segment,
    tool: 'brush',
    continues: false,
    region,
    dims: labelMap.dims
  } as const;
  return encodeStrokes(stroke).flatMap(bytes => labelMap.insert({ client: 1, clock: clock++ }, bytes));
}

function readTexture(viewer: CaseViewer): Uint8Array {
  const { picture } = viewer;
  if (picture === null) throw new Error('There is no picture.');
  picture.flushLabels();
  const { gl } = picture;
  const [nx, ny, nz] = picture.grid.dims;
  const labels = new Uint8Array(nx * ny * nz);
  const rgba = new Uint8Array(4 * nx * ny);
  const frame = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  for (let k = 0; k < nz; k++) {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, picture.labelTexture, 0, k);
    gl.readPixels(0, 0, nx, ny, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
    for (let index = 0; index < nx * ny; index++) labels[k * nx * ny + index] = rgba[4 * index] ?? 0;
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(frame);
  return labels;
}

const AXES: { readonly [plane: string]: readonly [0 | 1 | 2, 0 | 1 | 2] } = {
  axial: [0, 1],
  coronal: [0, 2],
  sagittal: [1, 2]
};

/** Derived from the rules of display, not from the viewer: fitted, patient's right on the left. */
function place(viewer: CaseViewer, plane: string, world: Vector): { x: number; y: number } {
  const pane = viewer.node.querySelector(`[data-pane="${plane}"]`)?.getBoundingClientRect();
  const axes = AXES[plane];
  if (pane === undefined || axes === undefined) throw new Error(`There is no pane ${plane}.`);
  const { dims, spacing } = OBLIQUE;
  const voxel = transformPoint(invert(affineFromRows(affineOf(OBLIQUE))), world);
  const [across, up] = axes;
  const scale = Math.min(pane.width / (dims[across] * spacing[across]), pane.height / (dims[up] * spacing[up]));
  const offset = (axis: 0 | 1 | 2): number => (voxel[axis] - (dims[axis] - 1) / 2) * spacing[axis] * scale;
  return { x: pane.left + pane.width / 2 - offset(across), y: pane.top + pane.height / 2 - offset(up) };
}

function worldOf(voxel: Vector): Vector {
  return transformPoint(affineFromRows(affineOf(OBLIQUE)), voxel);
}

start().catch((error: unknown) => {
  document.body.dataset['error'] = error instanceof Error ? (error.stack ?? error.message) : String(error);
});
