import { createHash } from 'node:crypto';
import type { NamedBrick } from './foldRequests.js';

/** Bricks by index, as `encodeBricks` makes them, as a snapshot names them: in the order of their indices. */
export function nameBricks(bricks: Iterable<readonly [index: number, content: Uint8Array]>): NamedBrick[] {
  return [...bricks]
    .sort(([a], [b]) => a - b)
    .map(([index, content]) => ({
      index,
      sha256: createHash('sha256').update(content).digest('hex'),
      bytes: content.length,
      content
    }));
}
