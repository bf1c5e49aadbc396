import Type, { type Static } from 'typebox';
import { Problem } from './problems.js';
import { AffineRows, Dims, Id, Instant, Sha256 } from './values.js';

export const VoxelType = Type.Union(
  [
    Type.Literal('uint8'),
    Type.Literal('int8'),
    Type.Literal('uint16'),
    Type.Literal('int16'),
    Type.Literal('uint32'),
    Type.Literal('int32'),
    Type.Literal('uint64'),
    Type.Literal('int64'),
    Type.Literal('float32'),
    Type.Literal('float64')
  ],
  { title: 'VoxelType' }
);
export type VoxelType = Static<typeof VoxelType>;

/**
 * An image with its affine, immutable, named by the SHA-256 of its decoded content.
 *
 * `grid` is the closest-canonical RAS grid: the one that label maps live on and that is served to
 * viewers. `fileGrid` is the grid of the file that was imported: the one that exports come back on.
 */
export const Volume = Type.Object(
  {
    hash: Sha256,
    name: Type.String({ maxLength: 200, description: 'File name at the first import' }),
    modality: Type.Union([Type.Literal('CT'), Type.Literal('MR'), Type.Literal('unknown')]),
    voxelType: VoxelType,
    slope: Type.Number(),
    intercept: Type.Number(),
    grid: Type.Object({ dims: Dims, affine: AffineRows }, { additionalProperties: false }),
    fileGrid: Type.Object({ dims: Dims, affine: AffineRows }, { additionalProperties: false }),
    spacing: Type.Tuple([Type.Number(), Type.Number(), Type.Number()], {
      description: 'Millimetres along i, j, k of grid'
    }),
    frame: Type.Integer({ minimum: 0, description: 'Index of this volume in a 4D file' }),
    frames: Type.Integer({ minimum: 1, description: 'Number of volumes in the file' }),
    range: Type.Tuple([Type.Number(), Type.Number()], { description: 'Lowest and highest finite value' }),
    robustRange: Type.Tuple([Type.Number(), Type.Number()], { description: '2nd and 98th percentile of the values' }),
    unit: Type.Union([Type.Literal('HU'), Type.Literal('')]),
    bytes: Type.Integer({ description: 'Size of the NIfTI rendition that viewers load' }),
    importedAt: Instant
  },
  { title: 'Volume', additionalProperties: false }
);
export type Volume = Static<typeof Volume>;

export const ImportSource = Type.Union(
  [
    Type.Object(
      {
        kind: Type.Literal('path'),
        path: Type.String({ minLength: 1, maxLength: 4096, description: 'Relative to an allowed root' }),
        frame: Type.Optional(Type.Integer({ minimum: 0 }))
      },
      { additionalProperties: false }
    ),
    Type.Object(
      {
        kind: Type.Literal('upload'),
        upload: Id,
        name: Type.String({ minLength: 1, maxLength: 200 }),
        frame: Type.Optional(Type.Integer({ minimum: 0 }))
      },
      { additionalProperties: false }
    )
  ],
  { title: 'ImportSource' }
);
export type ImportSource = Static<typeof ImportSource>;

/** Reading a file into volumes takes seconds: it runs beside the request, with progress and cancel. */
export const ImportJob = Type.Object(
  {
    id: Id,
    state: Type.Union([
      Type.Literal('running'),
      Type.Literal('done'),
      Type.Literal('failed'),
      Type.Literal('cancelled')
    ]),
    fraction: Type.Number({ minimum: 0, maximum: 1 }),
    volumes: Type.Array(Volume),
    problem: Type.Optional(Problem)
  },
  { title: 'ImportJob', additionalProperties: false }
);
export type ImportJob = Static<typeof ImportJob>;
