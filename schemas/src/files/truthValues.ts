import Type, { type Static } from 'typebox';
import { AffineRows, Dims, Username } from '../api/values.js';

/** Date and time in UTC with milliseconds, as `Date.toISOString` prints it: sorts as text. */
export const Timestamp = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
  description: 'RFC 3339 date and time in UTC, milliseconds always given'
});

/** MAJOR.MINOR.PATCH without leading zeros. */
export const Version = Type.String({
  pattern: '^(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})$',
  description: 'Semantic version of a release'
});

/** Values whose form is given elsewhere, by the id of a method or of a protocol. */
export const JsonObject = Type.Record(Type.String(), Type.Unknown());
export type JsonObject = Static<typeof JsonObject>;

/** A person or a registered model, as named in a record: who, and how the name was printed at that time. */
export const PrintedName = Type.Object(
  { username: Username, name: Type.String({ minLength: 1, maxLength: 255 }) },
  { additionalProperties: false }
);
export type PrintedName = Static<typeof PrintedName>;

export const Software = Type.Object(
  { name: Type.String({ minLength: 1 }), version: Type.String({ minLength: 1 }) },
  { additionalProperties: false }
);
export type Software = Static<typeof Software>;

/** Where the voxels of a label map are. */
export const TruthGeometry = Type.Object(
  {
    grid: Type.Object({ dims: Dims, affine: AffineRows }, { additionalProperties: false }),
    fileGrid: Type.Object({ dims: Dims, affine: AffineRows }, { additionalProperties: false })
  },
  {
    additionalProperties: false,
    description: 'grid: closest-canonical RAS, on which label maps live; fileGrid: of the image file'
  }
);
export type TruthGeometry = Static<typeof TruthGeometry>;
