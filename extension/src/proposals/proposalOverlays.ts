import type { RaisedOverlay, Vector } from '../viewer/index.js';
import type { Proposing } from './proposing.js';

const DASHES = [6, 4];
const WIDTH = 2;

/** What is drawn of a proposal: its border, dashed, and where somebody has pointed. */
export function proposalOverlays(
  { proposed, pointed, isAsking }: Proposing,
  look: {
    readonly colour: string;
    readonly dims: readonly [number, number, number];
    readonly toVoxel: (world: Vector) => Vector;
    /** How far the sign of waiting has turned, 0 to 1. */
    readonly turn: number;
  }
): readonly RaisedOverlay[] {
  if (pointed.length === 0) return [];
  const outline: readonly RaisedOverlay[] =
    proposed === null
      ? []
      : [
          {
            kind: 'outline',
            id: 'proposal',
            voxels: proposed.voxels,
            colour: look.colour,
            pattern: DASHES,
            letter: '',
            letterAt: 'top',
            width: WIDTH
          }
        ];
  const marks = pointed.flatMap(({ places, on }) => places.map(world => ({ at: look.toVoxel(world), on })));
  const waiting = isAsking ? look.turn : null;
  return [...outline, { kind: 'marks', id: 'proposal-places', voxels: { dims: look.dims }, marks, waiting }];
}
