import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

/** Numbers that JSON does not have are written as text. */
const Real = Type.Union([Type.Number(), Type.Literal('NaN'), Type.Literal('Infinity')]);

const Recipe = Type.Object(
  {
    version: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
    dims: Type.Optional(Type.Array(Type.Number())),
    dimensions: Type.Optional(Type.Number()),
    datatype: Type.Optional(Type.Number()),
    affine: Type.Optional(Type.Array(Real)),
    slope: Type.Optional(Real),
    intercept: Type.Optional(Real),
    voxOffset: Type.Optional(Real),
    magic: Type.Optional(Type.String()),
    littleEndian: Type.Optional(Type.Boolean()),
    descrip: Type.Optional(Type.String()),
    voxels: Type.Optional(Type.Array(Type.Number()))
  },
  { additionalProperties: false }
);

const Refused = Type.Array(Type.Object({ why: Type.String(), code: Type.String(), recipe: Recipe }));
const Accepted = Type.Array(
  Type.Object({ why: Type.String(), recipe: Recipe, descriptor: Type.Unknown(), hash: Type.String() })
);

/** Recipes for `makeNifti` that must be refused, with the code. */
export function refusedHeaders(): { why: string; code: string; recipe: ReturnType<typeof recipeOf> }[] {
  return Value.Parse(Refused, load('negative')).map(entry => ({ ...entry, recipe: recipeOf(entry.recipe) }));
}

/** Recipes that must be read, with the descriptor and the hash of their volume. */
export function acceptedHeaders(): {
  why: string;
  recipe: ReturnType<typeof recipeOf>;
  descriptor: unknown;
  hash: string;
}[] {
  return Value.Parse(Accepted, load('fixtures')).map(entry => ({ ...entry, recipe: recipeOf(entry.recipe) }));
}

function load(folder: string): unknown {
  const file = new URL(`../../../schemas/${folder}/nifti-headers.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function recipeOf({ affine, slope, intercept, voxOffset, ...rest }: Static<typeof Recipe>) {
  return {
    ...rest,
    ...(affine === undefined ? {} : { affine: affine.map(Number) }),
    ...(slope === undefined ? {} : { slope: Number(slope) }),
    ...(intercept === undefined ? {} : { intercept: Number(intercept) }),
    ...(voxOffset === undefined ? {} : { voxOffset: Number(voxOffset) })
  };
}
