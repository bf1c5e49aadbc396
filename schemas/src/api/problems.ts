import Type, { type Static } from 'typebox';

/** RFC 9457 problem+json. `code` is stable and meant for programs; `detail` says what to do. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*$' }),
    detail: Type.String(),
    instance: Type.Optional(Type.String())
  },
  { title: 'Problem' }
);
export type Problem = Static<typeof Problem>;
