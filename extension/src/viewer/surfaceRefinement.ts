import type { VoxelBox } from '@voxcord/schemas/labelmap';
import { timeDrawing } from './graphicsFence.js';
import { Pace } from './pace.js';
import type { SurfaceRenderer, SurfaceScene } from './surfaceRenderer.js';
import { type Tile, TILE, TileQueue } from './tileQueue.js';

/** What may be drawn now: nothing while a stroke is painted, and only coarsely while the view turns. */
export type SurfaceWork = 'nothing' | 'coarse' | 'everything';

/** What one piece of work may take; others use the hardware too. */
const COARSE_MS = 35;
const TILES_MS = 32;
/** Between two showings of a picture that gets sharper: each draws the slices again. */
const SHOW_MS = 250;
/** Between two looks at whether the hardware is ready. */
const READY_MS = 30;
/** The light on a surface depends on labels this many voxels away. */
const REACH = 4;

/** What must be bound before something is drawn. */
export interface SurfaceSurroundings {
  prepare(): void;
  /** The picture got better. */
  changed(): void;
}

/**
 * Keeps the 3D picture true. A view that changed is drawn coarsely at once; then, in idle time, tile by
 * tile as sharp as the screen is. Labels that changed are drawn again where they are seen, and nowhere else.
 */
export class SurfaceRefinement {
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly renderer: SurfaceRenderer,
    private readonly surroundings: SurfaceSurroundings
  ) {}

  /** Nothing is left to do. */
  get isSharp(): boolean {
    return this._scene !== null && !this._isCoarseStale && this._tiles.isEmpty && this._inFlight === 0;
  }

  /** Once per frame in which the picture is in sight. A changed view is drawn before this returns, if it may. */
  update(scene: SurfaceScene, width: number, height: number, work: SurfaceWork): void {
    const resized = this._tiles.width !== width || this._tiles.height !== height;
    const turned = this._scene?.turn !== scene.turn;
    const redressed = this._scene?.labelsShown !== scene.labelsShown;
    this._scene = scene;
    this._work = work;
    if (resized) this._tiles = new TileQueue(width, height);
    if (resized || turned || redressed) this._drawAllAgain();
    if (resized || turned) this._isCoarseStale = true;
    // A picture of another size cannot be shown.
    if (resized && this.renderer.isReady) this._drawCoarse(scene);
    else this._continue();
  }

  /** The picture is out of sight. */
  stop(): void {
    this._work = 'nothing';
  }

  /** Colours, or all labels, changed. */
  redraw(): void {
    this._drawAllAgain();
  }

  labelsChanged({ min, max }: VoxelBox): void {
    if (this._scene === null) return;
    const around: VoxelBox = {
      min: [min[0] - REACH, min[1] - REACH, min[2] - REACH],
      max: [max[0] + REACH, max[1] + REACH, max[2] + REACH]
    };
    const { left, bottom, right, top } = this.renderer.placeOf(this._scene, around);
    if (this._tiles.isEmpty) this._tilesPace.restart();
    this._tiles.mark(left, bottom, right, top);
  }

  dispose(): void {
    this._isDisposed = true;
  }

  private _drawAllAgain(): void {
    this._tilesPace.restart();
    this._tiles.markAll();
  }

  private _continue(): void {
    const scene = this._scene;
    if (scene === null || this._inFlight > 0 || this._isDisposed || this._work === 'nothing') return;
    if (!this.renderer.isReady) this._waitForRenderer();
    else if (this._isCoarseStale) this._drawCoarse(scene);
    else if (this._work === 'everything' && !this._tiles.isEmpty) this._drawTilesWhenIdle();
  }

  private _waitForRenderer(): void {
    if (this._isWaiting) return;
    this._isWaiting = true;
    setTimeout(() => {
      this._isWaiting = false;
      if (this._isDisposed) return;
      this.renderer.makeReady();
      this._continue();
    }, READY_MS);
  }

  private _drawCoarse(scene: SurfaceScene): void {
    this._isCoarseStale = false;
    this.surroundings.prepare();
    const { width, height } = this._tiles;
    void this._draw(this._coarsePace, () => this.renderer.drawCoarse(scene, width, height, this._coarsePace.pixels));
  }

  private _drawTilesWhenIdle(): void {
    if (this._isWaiting) return;
    this._isWaiting = true;
    whenIdle(() => {
      this._isWaiting = false;
      const scene = this._scene;
      const may = !this._isDisposed && this._inFlight === 0 && !this._isCoarseStale && this._work === 'everything';
      if (scene === null || !may) return;
      const tiles = this._tiles.take(this._tilesPace.pixels);
      if (tiles.length === 0) return;
      this.surroundings.prepare();
      void this._draw(this._tilesPace, () => {
        this.renderer.drawTiles(scene, tiles);
        return pixelsOf(tiles);
      });
    });
  }

  /** `draw` is called at once and returns how many pixels it draws. */
  private async _draw(pace: Pace, draw: () => number): Promise<void> {
    this._inFlight++;
    let pixels = 0;
    const milliseconds = await timeDrawing(this.gl, () => (pixels = draw()));
    this._inFlight--;
    if (this._isDisposed) return;
    pace.took(pixels, milliseconds);
    const now = performance.now();
    if (this._isCoarseStale || this._tiles.isEmpty || now - this._shownAt > SHOW_MS) {
      this._shownAt = now;
      this.surroundings.changed();
    }
    this._continue();
  }

  private _scene: SurfaceScene | null = null;
  private _work: SurfaceWork = 'nothing';
  private _tiles = new TileQueue(0, 0);
  private _isCoarseStale = false;
  private _inFlight = 0;
  private _isWaiting = false;
  private _isDisposed = false;
  private _shownAt = -Infinity;
  private readonly _coarsePace = new Pace(COARSE_MS, 4000, 2500);
  private readonly _tilesPace = new Pace(TILES_MS, TILE * TILE, TILE * TILE);
}

function pixelsOf(tiles: readonly Tile[]): number {
  return tiles.reduce((sum, { width, height }) => sum + width * height, 0);
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: 100 });
  else setTimeout(work, 16);
}
