import { ELEMENT, squaredDistanceToLine, squaredDistanceToTriangle } from './closestPoint.js';

const LEAF = 4;
const BOUNDS = 6;
/** Halving at each level, no mesh that fits in memory is deeper. */
const DEEPEST = 64;

/** Finds the distance to the nearest element of a mesh: a tree of boxes, halved along their longest side. */
export class MeshTree {
  /** In the order of the leaves. */
  private readonly mesh: Float64Array;
  private readonly bounds: Float64Array;
  /** Of each node: the first of its elements, or minus the second of its children (the first is the next node). */
  private readonly content: Int32Array;
  private readonly counts: Uint8Array;
  private readonly stack = new Int32Array(DEEPEST);
  private readonly squaredDistance: typeof squaredDistanceToTriangle;
  private nodes = 0;
  private lastNearest = 0;

  /** @param mesh `ELEMENT` numbers for each element; at least one element */
  constructor(mesh: Float64Array, elements: 'triangles' | 'lines') {
    const count = mesh.length / ELEMENT;
    const corners = elements === 'triangles' ? 3 : 2;
    this.squaredDistance = elements === 'triangles' ? squaredDistanceToTriangle : squaredDistanceToLine;
    const mostNodes = Math.max(1, 2 * count);
    this.bounds = new Float64Array(mostNodes * BOUNDS);
    this.content = new Int32Array(mostNodes);
    this.counts = new Uint8Array(mostNodes);
    const order = Int32Array.from({ length: count }, (_, at) => at);
    const centres = centresOf(mesh, count, corners);
    this.build(mesh, order, centres, corners, 0, count);
    this.mesh = new Float64Array(mesh.length);
    order.forEach((from, to) => this.mesh.set(mesh.subarray(from * ELEMENT, (from + 1) * ELEMENT), to * ELEMENT));
  }

  /** Quickest where each point is near the one before. */
  squaredDistanceTo(x: number, y: number, z: number): number {
    const { mesh, content, counts, stack } = this;
    let best = this.squaredDistance(mesh, this.lastNearest, x, y, z);
    let height = 0;
    stack[height++] = 0;
    while (height > 0) {
      const node = stack[--height] ?? 0;
      if (this.toBox(node, x, y, z) >= best) continue;
      const first = content[node] ?? 0;
      const count = counts[node] ?? 0;
      if (count > 0) {
        for (let at = first * ELEMENT; at < (first + count) * ELEMENT; at += ELEMENT) {
          const squared = this.squaredDistance(mesh, at, x, y, z);
          if (squared >= best) continue;
          best = squared;
          this.lastNearest = at;
        }
        continue;
      }
      const one = node + 1;
      const other = -first;
      const isOneNearer = this.toBox(one, x, y, z) <= this.toBox(other, x, y, z);
      stack[height++] = isOneNearer ? other : one;
      stack[height++] = isOneNearer ? one : other;
    }
    return best;
  }

  private toBox(node: number, x: number, y: number, z: number): number {
    const { bounds } = this;
    const at = node * BOUNDS;
    const dx = outside(x, bounds[at] ?? 0, bounds[at + 3] ?? 0);
    const dy = outside(y, bounds[at + 1] ?? 0, bounds[at + 4] ?? 0);
    const dz = outside(z, bounds[at + 2] ?? 0, bounds[at + 5] ?? 0);
    return dx * dx + dy * dy + dz * dz;
  }

  private build(
    mesh: Float64Array,
    order: Int32Array,
    centres: Float64Array,
    corners: number,
    from: number,
    to: number
  ): void {
    const node = this.nodes++;
    this.measureBounds(node, mesh, order, corners, from, to);
    if (to - from <= LEAF) {
      this.content[node] = from;
      this.counts[node] = to - from;
      return;
    }
    const middle = (from + to) >> 1;
    selectNth(order, centres, this.longestAxis(node), from, to - 1, middle);
    this.build(mesh, order, centres, corners, from, middle);
    this.content[node] = -this.nodes;
    this.build(mesh, order, centres, corners, middle, to);
  }

  private measureBounds(
    node: number,
    mesh: Float64Array,
    order: Int32Array,
    corners: number,
    from: number,
    to: number
  ): void {
    const { bounds } = this;
    const at = node * BOUNDS;
    bounds.fill(Infinity, at, at + 3);
    bounds.fill(-Infinity, at + 3, at + BOUNDS);
    for (let place = from; place < to; place++) {
      const element = (order[place] ?? 0) * ELEMENT;
      for (let value = 0; value < corners * 3; value++) {
        const coordinate = mesh[element + value] ?? 0;
        const low = at + (value % 3);
        if (coordinate < (bounds[low] ?? 0)) bounds[low] = coordinate;
        if (coordinate > (bounds[low + 3] ?? 0)) bounds[low + 3] = coordinate;
      }
    }
  }

  private longestAxis(node: number): number {
    const size = (axis: number): number =>
      (this.bounds[node * BOUNDS + axis + 3] ?? 0) - (this.bounds[node * BOUNDS + axis] ?? 0);
    const [x, y, z] = [size(0), size(1), size(2)];
    return x >= y && x >= z ? 0 : y >= z ? 1 : 2;
  }
}

function outside(value: number, low: number, high: number): number {
  return value < low ? low - value : value > high ? value - high : 0;
}

/** Of each element the mean of its corners, three numbers. */
function centresOf(mesh: Float64Array, count: number, corners: number): Float64Array {
  const centres = new Float64Array(count * 3);
  for (let element = 0; element < count; element++) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let corner = 0; corner < corners; corner++) sum += mesh[element * ELEMENT + corner * 3 + axis] ?? 0;
      centres[element * 3 + axis] = sum / corners;
    }
  }
  return centres;
}

/** Orders so that none before `nth` lies beyond it along the axis, and none after it lies before it. */
function selectNth(
  order: Int32Array,
  centres: Float64Array,
  axis: number,
  first: number,
  last: number,
  nth: number
): void {
  const key = (place: number): number => centres[(order[place] ?? 0) * 3 + axis] ?? 0;
  let [low, high] = [first, last];
  while (low < high) {
    const pivot = key((low + high) >> 1);
    let [left, right] = [low, high];
    while (left <= right) {
      while (key(left) < pivot) left += 1;
      while (key(right) > pivot) right -= 1;
      if (left > right) break;
      const swapped = order[left] ?? 0;
      order[left] = order[right] ?? 0;
      order[right] = swapped;
      left += 1;
      right -= 1;
    }
    if (nth <= right) high = right;
    else if (nth >= left) low = left;
    else return;
  }
}
