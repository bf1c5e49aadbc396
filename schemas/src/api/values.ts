import Type, { type Static } from 'typebox';

/** SHA-256 in lower-case hexadecimal. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hexadecimal' });

/** Identifier that the server gives to a project, case, read or import. */
export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'UUID, lower case'
});

/** The stable key of a person, as Jupyter's identity provider gives it. */
export const Username = Type.String({ minLength: 1, maxLength: 255, description: 'Stable key of a person' });

export const Instant = Type.String({ description: 'RFC 3339 date and time in UTC' });

export const Title = Type.String({ minLength: 1, maxLength: 200 });

export const Colour = Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'sRGB colour, #rrggbb' });

/** Voxel counts along i, j, k. */
export const Dims = Type.Tuple([
  Type.Integer({ minimum: 1, maximum: 65535 }),
  Type.Integer({ minimum: 1, maximum: 65535 }),
  Type.Integer({ minimum: 1, maximum: 65535 })
]);

/**
 * The upper three rows of a voxel-to-world matrix, row-major: world (mm, RAS+) = A · (i, j, k, 1).
 */
export const AffineRows = Type.Array(Type.Number(), {
  minItems: 12,
  maxItems: 12,
  description: 'Upper three rows of the voxel-to-world matrix, row-major; millimetres, RAS+'
});

export type Sha256 = Static<typeof Sha256>;
export type Id = Static<typeof Id>;
export type Username = Static<typeof Username>;
export type Dims = Static<typeof Dims>;
export type AffineRows = Static<typeof AffineRows>;
