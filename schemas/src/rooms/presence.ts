import Type, { type Static } from 'typebox';

/**
 * What a person shows the others in a room (one awareness state). `user` is written by the server
 * from the verified identity, whatever the browser sent.
 */
export const Presence = Type.Object(
  {
    user: Type.Object({
      username: Type.String(),
      displayName: Type.String(),
      initials: Type.String(),
      colour: Type.String()
    }),
    /** Pointer over the image in world millimetres (RAS+), with the plane it is in; null: not over it. */
    cursor: Type.Optional(
      Type.Union([
        Type.Object({
          world: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
          plane: Type.Union([Type.Literal('axial'), Type.Literal('coronal'), Type.Literal('sagittal')]),
          radius: Type.Number(),
          painting: Type.Boolean()
        }),
        Type.Null()
      ])
    ),
    /** Crosshair in world millimetres, for those who follow. */
    crosshair: Type.Optional(Type.Tuple([Type.Number(), Type.Number(), Type.Number()])),
    activity: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('away')]))
  },
  { title: 'Presence' }
);
export type Presence = Static<typeof Presence>;
