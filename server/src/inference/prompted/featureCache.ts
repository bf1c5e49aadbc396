import type { Tensor } from '../onnx/onnxSession.js';

export type Features = ReadonlyMap<string, Tensor>;

/** What encoders have said of crops, as much as fits: the crops that were used least recently go first. */
export class FeatureCache {
  /** The least recently used one first. */
  readonly #kept = new Map<string, Features>();
  #bytes = 0;

  constructor(private readonly mostBytes: number) {}

  get(key: string): Features | null {
    const features = this.#kept.get(key);
    if (features === undefined) return null;
    this.#kept.delete(key);
    this.#kept.set(key, features);
    return features;
  }

  /** What is larger than all that may be kept is not kept. */
  set(key: string, features: Features): void {
    const bytes = sizeOf(features);
    if (bytes > this.mostBytes || this.#kept.has(key)) return;
    this.#kept.set(key, features);
    this.#bytes += bytes;
    for (const [oldest, { size }] of [...this.#kept].map(([name, old]) => [name, { size: sizeOf(old) }] as const)) {
      if (this.#bytes <= this.mostBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= size;
    }
  }
}

function sizeOf(features: Features): number {
  return [...features.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}
