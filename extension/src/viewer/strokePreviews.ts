import type { Plane, RemotePreview, Vector } from './contracts.js';
import { PLANE_AXES } from './planes.js';

/** Someone else's stroke as it can be drawn on a slice: a path of voxel positions and the brush's radius there. */
export interface VisiblePreview {
  readonly path: readonly Vector[];
  /** mm, where the brush cuts the slice. */
  readonly radius: number;
  readonly colour: string;
  /** 1 while it is painted, falling to 0 within `FADE_MS` after. */
  readonly strength: number;
}

export const FADE_MS = 1000;
/** A stroke whose end never came (its painter went away) ends this long after its last part. */
const SILENCE_MS = 3000;
/** Longest path that is kept; older points go first. */
const MOST_POINTS = 4096;

interface Live {
  readonly colour: string;
  readonly shape: 'disc' | 'sphere';
  readonly normal: Vector;
  readonly radius: number;
  points: Vector[];
  heardAt: number;
  endedAt: number | null;
}

/** Other people's strokes while they are painted and for a second after. Times are in ms of one clock. */
export class StrokePreviews {
  add({ colour, preview }: RemotePreview, toVoxel: (world: Vector) => Vector, now: number): void {
    const key = `${preview.client}:${preview.stroke}`;
    const live = this._live.get(key) ?? {
      colour,
      shape: preview.shape,
      normal: preview.normal,
      radius: preview.radius,
      points: [],
      heardAt: now,
      endedAt: null
    };
    for (let at = 0; at + 2 < preview.points.length; at += 3) {
      const [x, y, z] = [preview.points[at] ?? 0, preview.points[at + 1] ?? 0, preview.points[at + 2] ?? 0];
      live.points.push(toVoxel([x, y, z]));
    }
    if (live.points.length > MOST_POINTS) live.points = live.points.slice(-MOST_POINTS);
    live.heardAt = now;
    if (preview.done) live.endedAt = now;
    this._live.set(key, live);
  }

  /** Whether anything is to be drawn, now or soon. Forgets what has faded. */
  isAnyLive(now: number): boolean {
    for (const [key, live] of this._live) if (strengthOf(live, now) <= 0) this._live.delete(key);
    return this._live.size > 0;
  }

  /** The strokes that cross slice `slice` of `plane`. `normalOf` gives the world normal of a plane's slices. */
  on(plane: Plane, slice: number, spacing: Vector, normalOf: (plane: Plane) => Vector, now: number): VisiblePreview[] {
    const axis = PLANE_AXES[plane].normal;
    const normal = normalOf(plane);
    const visible: VisiblePreview[] = [];
    for (const live of this._live.values()) {
      const strength = strengthOf(live, now);
      if (strength <= 0) continue;
      const across = live.normal[0] * normal[0] + live.normal[1] * normal[1] + live.normal[2] * normal[2];
      if (live.shape === 'disc' && Math.abs(across) < 0.9) continue;
      const distance = (point: Vector): number => Math.abs(point[axis] - slice) * spacing[axis];
      const reach = live.shape === 'disc' ? spacing[axis] / 2 : live.radius;
      const path = live.points.filter(point => distance(point) <= reach);
      const first = path[0];
      if (first === undefined) continue;
      const radius = live.shape === 'disc' ? live.radius : Math.sqrt(live.radius ** 2 - distance(first) ** 2);
      visible.push({ path, radius, colour: live.colour, strength });
    }
    return visible;
  }

  clear(): void {
    this._live.clear();
  }

  private readonly _live = new Map<string, Live>();
}

function strengthOf(live: Live, now: number): number {
  const endedAt = live.endedAt ?? (now - live.heardAt > SILENCE_MS ? live.heardAt + SILENCE_MS : null);
  return endedAt === null ? 1 : 1 - (now - endedAt) / FADE_MS;
}
