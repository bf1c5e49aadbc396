import Type, { type Static } from 'typebox';
import { Colour, Username } from './values.js';

/** A person (or a model) as the server has verified it. */
export const Person = Type.Object(
  {
    username: Username,
    displayName: Type.String({ minLength: 1, maxLength: 255 }),
    initials: Type.String({ maxLength: 4 }),
    colour: Colour
  },
  { title: 'Person', additionalProperties: false }
);
export type Person = Static<typeof Person>;

export const Role = Type.Union(
  [Type.Literal('viewer'), Type.Literal('reader'), Type.Literal('adjudicator'), Type.Literal('manager')],
  { title: 'Role' }
);
export type Role = Static<typeof Role>;

/**
 * Claims of the short-lived token that the Jupyter server puts on each request to the service
 * (header `x-voxcord-identity`, JWS compact, HS256).
 */
export const IdentityClaims = Type.Object(
  {
    iss: Type.Literal('voxcord-jupyter'),
    aud: Type.Literal('voxcord-service'),
    sub: Username,
    name: Type.String({ minLength: 1, maxLength: 255 }),
    initials: Type.Optional(Type.String({ maxLength: 4 })),
    color: Type.Optional(Type.String({ maxLength: 64 })),
    iat: Type.Integer(),
    exp: Type.Integer()
  },
  { title: 'IdentityClaims' }
);
export type IdentityClaims = Static<typeof IdentityClaims>;

export const IDENTITY_HEADER = 'x-voxcord-identity';

export const Me = Type.Object(
  { person: Person, serverVersion: Type.String(), protocolVersion: Type.Integer() },
  { title: 'Me', additionalProperties: false }
);
export type Me = Static<typeof Me>;
