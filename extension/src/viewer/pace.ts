/** How much slower or faster the next piece of work may be chosen. */
const MOST_GROWTH = 2;
const MOST_SHRINKING = 0.2;

/** Learns how many pixels the hardware draws within a time, so that no piece of work takes much longer. */
export class Pace {
  /** `pixels`: what even slow hardware draws in time. */
  constructor(
    private readonly milliseconds: number,
    pixels: number,
    private readonly fewest: number
  ) {
    this._pixels = pixels;
    this._lowest = pixels;
  }

  get pixels(): number {
    return this._pixels;
  }

  /** `pixels` took some time. */
  took(pixels: number, milliseconds: number): void {
    const change = this.milliseconds / Math.max(0.01, milliseconds);
    const fitting = pixels * Math.min(MOST_GROWTH, Math.max(MOST_SHRINKING, change));
    // A piece that was smaller than allowed and quick says nothing about bigger ones.
    this._pixels = Math.max(this.fewest, change > 1 ? Math.max(this._pixels, fitting) : fitting);
    this._lowest = Math.min(this._lowest, this._pixels);
  }

  /** A new picture begins: as slowly as the slowest part of the last one. */
  restart(): void {
    this._pixels = Math.min(this._pixels, this._lowest);
    this._lowest = Infinity;
  }

  private _pixels: number;
  private _lowest: number;
}
