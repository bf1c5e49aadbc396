/** Pixels from the bottom left of a picture. */
export interface Tile {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Edge of a tile in pixels: small enough that slow hardware draws one in a blink. */
export const TILE = 32;

/** The parts of a picture that are yet to be drawn, from the middle outwards. */
export class TileQueue {
  constructor(
    readonly width: number,
    readonly height: number
  ) {
    this._across = Math.ceil(width / TILE);
    this._up = Math.ceil(height / TILE);
    const count = this._across * this._up;
    const offCentre = Float64Array.from({ length: count }, (_, tile) =>
      Math.hypot(
        (tile % this._across) + 0.5 - width / TILE / 2,
        Math.floor(tile / this._across) + 0.5 - height / TILE / 2
      )
    );
    this._order = Uint32Array.from({ length: count }, (_, tile) => tile).sort(
      (a, b) => (offCentre[a] ?? 0) - (offCentre[b] ?? 0)
    );
    this._isWaiting = new Uint8Array(count);
  }

  get isEmpty(): boolean {
    return this._waiting === 0;
  }

  markAll(): void {
    this._isWaiting.fill(1);
    this._waiting = this._isWaiting.length;
    this._next = 0;
  }

  /** Every tile that has a pixel between two corners; fractions count as whole pixels. */
  mark(left: number, bottom: number, right: number, top: number): void {
    const first = (pixel: number): number => Math.max(0, Math.floor(pixel / TILE));
    for (let row = first(bottom); row <= Math.min(this._up - 1, Math.floor(top / TILE)); row++) {
      for (let column = first(left); column <= Math.min(this._across - 1, Math.floor(right / TILE)); column++) {
        const tile = row * this._across + column;
        if (this._isWaiting[tile] === 1) continue;
        this._isWaiting[tile] = 1;
        this._waiting++;
      }
    }
    this._next = 0;
  }

  /** Takes tiles of together about `pixels`, at least one if any is left. */
  take(pixels: number): Tile[] {
    const taken: Tile[] = [];
    let size = 0;
    for (; this._next < this._order.length && (size < pixels || taken.length === 0); this._next++) {
      const index = this._order[this._next] ?? 0;
      if (this._isWaiting[index] === 0) continue;
      const tile = this._tile(index);
      if (taken.length > 0 && size + tile.width * tile.height > pixels) break;
      this._isWaiting[index] = 0;
      this._waiting--;
      size += tile.width * tile.height;
      taken.push(tile);
    }
    return taken;
  }

  private _tile(index: number): Tile {
    const left = (index % this._across) * TILE;
    const bottom = Math.floor(index / this._across) * TILE;
    return { left, bottom, width: Math.min(TILE, this.width - left), height: Math.min(TILE, this.height - bottom) };
  }

  private readonly _across: number;
  private readonly _up: number;
  private readonly _order: Uint32Array;
  private readonly _isWaiting: Uint8Array;
  private _waiting = 0;
  private _next = 0;
}
