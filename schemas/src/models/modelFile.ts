import Type, { type Static } from 'typebox';
import { Code } from '../api/segments.js';
import { Colour, Sha256, Title } from '../api/values.js';
import { Version } from '../files/truthValues.js';

/** The file of a model folder that describes it. */
export const MODEL_FILE = 'model.json';

/** How a model is called; with its version it is a reader's name. */
export const ModelName = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 64,
  description: 'Lower-case letters, digits and single hyphens'
});

const Millimetres = Type.Number({ exclusiveMinimum: 0, maximum: 1000 });
const ThreeOf = <Item extends typeof Millimetres | ReturnType<typeof Type.Integer>>(item: Item) =>
  Type.Tuple([item, item, item]);
/** HU and everything that scanners write. */
const ImageValue = Type.Number({ minimum: -1e9, maximum: 1e9 });
const TensorName = Type.String({ minLength: 1, maxLength: 255 });
/** Says something: blanks alone do not. */
const Prose = Type.String({ minLength: 1, maxLength: 4000, pattern: '\\S', description: 'A text, not empty' });
const SegmentName = Type.String({ minLength: 1, maxLength: 64, pattern: '\\S', description: 'A name, not empty' });

/** A file beside `model.json`, in the same folder: never a path. */
const WeightsFile = Type.String({
  pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,122}\\.onnx$',
  description: 'Name of a file beside model.json that ends in .onnx'
});
const CardFile = Type.String({
  pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,122}\\.md$',
  description: 'Name of a Markdown file beside model.json that ends in .md'
});

/**
 * Where the three axes of a tensor grow towards, as nibabel writes it: one letter each of R or L, A or P, S or I. `RAS`:
 * the first axis from left to right.
 */
export const Orientation = Type.String({
  pattern: '^(?!.*[RL].*[RL])(?!.*[AP].*[AP])(?!.*[SI].*[SI])[RLAPSI]{3}$',
  description: 'Where the axes grow towards, as nibabel writes it (RAS, LIA ...): one of R/L, A/P and S/I each'
});

/** Kinds of images that a model may have learnt from. */
export const ModelModality = Type.Union([Type.Literal('CT'), Type.Literal('MR')]);
export type ModelModality = Static<typeof ModelModality>;

const Modalities = Type.Array(ModelModality, { minItems: 1, maxItems: 2, uniqueItems: true });

/** An ONNX file and what it must be. Nothing else is loaded. */
export const Weights = Type.Object(
  {
    file: WeightsFile,
    sha256: Sha256,
    opset: Type.Integer({ minimum: 7, maximum: 64, description: 'Of the ONNX default domain' })
  },
  { title: 'Weights', additionalProperties: false }
);
export type Weights = Static<typeof Weights>;

/**
 * How values become what the network has learnt from.
 *
 * - `window`: `low` to 0, `high` to 1, clipped (HU for CT)
 * - `min-max`: the lowest value to 0, the highest to 1
 * - `percentiles`: those two percentiles to 0 and 1, clipped; linear between order statistics, as NumPy's default
 * - `z-score`: mean 0, standard deviation 1 (population), over all voxels or those that are not 0
 * - `none`: as they are
 */
export const Intensity = Type.Union(
  [
    Type.Object({ kind: Type.Literal('window'), low: ImageValue, high: ImageValue }, { additionalProperties: false }),
    Type.Object({ kind: Type.Literal('min-max') }, { additionalProperties: false }),
    Type.Object(
      {
        kind: Type.Literal('percentiles'),
        low: Type.Number({ minimum: 0, maximum: 100 }),
        high: Type.Number({ minimum: 0, maximum: 100 })
      },
      { additionalProperties: false }
    ),
    Type.Object(
      { kind: Type.Literal('z-score'), over: Type.Union([Type.Literal('all'), Type.Literal('non-zero')]) },
      { additionalProperties: false }
    ),
    Type.Object({ kind: Type.Literal('none') }, { additionalProperties: false })
  ],
  { title: 'Intensity' }
);
export type Intensity = Static<typeof Intensity>;

/** What the network sees: float32 [1, 1, X, Y, Z], C order. Lengths are along the axes of the tensor. */
export const ModelInput = Type.Object(
  {
    tensor: TensorName,
    modalities: Modalities,
    orientation: Orientation,
    spacing: Type.Union([ThreeOf(Millimetres), Type.Null()], {
      description: 'mm along the axes of the tensor, to which images are resampled; null: they are not'
    }),
    acceptedSpacing: Type.Object(
      { smallest: Millimetres, largest: Millimetres },
      {
        additionalProperties: false,
        description: 'mm; an image is refused that has a spacing outside along any of its axes'
      }
    ),
    interpolation: Type.Union([Type.Literal('linear'), Type.Literal('bspline')]),
    intensity: Intensity,
    multipleOf: ThreeOf(
      Type.Integer({ minimum: 1, maximum: 256, description: 'Lengths of the tensor are multiples of this' })
    )
  },
  { title: 'ModelInput', additionalProperties: false }
);
export type ModelInput = Static<typeof ModelInput>;

/** The whole image at once, or patch by patch: then what overlaps is averaged, with more weight in the middle or not. */
export const ModelField = Type.Union(
  [
    Type.Object({ kind: Type.Literal('whole') }, { additionalProperties: false }),
    Type.Object(
      {
        kind: Type.Literal('window'),
        patch: ThreeOf(Type.Integer({ minimum: 8, maximum: 512 })),
        overlap: Type.Number({ minimum: 0, maximum: 0.9, description: 'Share of a patch' }),
        blending: Type.Union([Type.Literal('gaussian'), Type.Literal('constant')])
      },
      { additionalProperties: false }
    )
  ],
  { title: 'ModelField' }
);
export type ModelField = Static<typeof ModelField>;

/** What one channel of the output means. Channel 0 is background. */
export const ModelSegment = Type.Object(
  {
    channel: Type.Integer({ minimum: 1, maximum: 255 }),
    name: SegmentName,
    kind: Type.Union([Type.Literal('structure'), Type.Literal('lesion')]),
    colour: Colour,
    codes: Type.Array(Code, { maxItems: 8 })
  },
  { title: 'ModelSegment', additionalProperties: false }
);
export type ModelSegment = Static<typeof ModelSegment>;

/** float32 [1, C, X, Y, Z]: exclusive channels, of which the highest wins, the lower number if two are equal. */
export const ModelOutput = Type.Object(
  {
    tensor: TensorName,
    scores: Type.Union([Type.Literal('logits'), Type.Literal('probabilities')]),
    segments: Type.Array(ModelSegment, { minItems: 1, maxItems: 255 }),
    cleanUp: Type.Union([
      Type.Object(
        {
          smallestMl: Type.Number({
            minimum: 0,
            maximum: 100_000,
            description: 'Smaller connected components are dropped'
          }),
          largestOnly: Type.Array(Type.Integer({ minimum: 1, maximum: 255 }), {
            maxItems: 255,
            uniqueItems: true,
            description: 'Channels of which only the largest connected component stays'
          })
        },
        { additionalProperties: false }
      ),
      Type.Null()
    ])
  },
  { title: 'ModelOutput', additionalProperties: false }
);
export type ModelOutput = Static<typeof ModelOutput>;

const common = {
  format: Type.Literal('voxcord-model/1'),
  name: ModelName,
  version: Version,
  title: Title,
  licence: Type.Object(
    {
      name: Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '\\S',
        description: 'A name, that of SPDX if it has one'
      }),
      attribution: Type.String({ maxLength: 2000, description: 'Whom the licence asks to name; may be empty' })
    },
    { additionalProperties: false, description: 'Of the weights' }
  ),
  intendedUse: Prose,
  limitations: Prose,
  card: Type.Union([CardFile, Type.Null()], { description: 'A Markdown file that tells more' })
};

/** Labels a whole image by itself. */
export const AutomaticModelFile = Type.Object(
  {
    ...common,
    kind: Type.Literal('automatic'),
    weights: Weights,
    input: ModelInput,
    field: ModelField,
    output: ModelOutput
  },
  { title: 'AutomaticModelFile', additionalProperties: false }
);
export type AutomaticModelFile = Static<typeof AutomaticModelFile>;

/**
 * Answers clicks. The encoder sees a crop about the first click once: float32 [1, 1, X, Y, Z] to `features`. The decoder
 * takes these and the prompts, float32 [1, 2, X, Y, Z]: exp(-distance / reach) to the nearest place on the thing and beside
 * it, distance in voxels, 0 without such a place; it answers logits [1, 1, X, Y, Z].
 */
export const PromptedModelFile = Type.Object(
  {
    ...common,
    kind: Type.Literal('prompted'),
    encoder: Weights,
    decoder: Weights,
    input: Type.Object(
      {
        tensor: TensorName,
        modalities: Modalities,
        intensity: Intensity,
        crop: ThreeOf(Type.Integer({ minimum: 16, maximum: 256, description: 'Voxels' })),
        spacing: Type.Union([Millimetres, Type.Null()], {
          description: 'mm along every axis of the crop; null: that of the image'
        })
      },
      { additionalProperties: false }
    ),
    features: Type.Array(TensorName, { minItems: 1, maxItems: 8, uniqueItems: true }),
    prompts: Type.Object(
      { tensor: TensorName, reach: Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'Voxels' }) },
      { additionalProperties: false, description: 'Places on the thing and beside it: clicks and scribbles' }
    ),
    output: Type.Object({ tensor: TensorName }, { additionalProperties: false })
  },
  { title: 'PromptedModelFile', additionalProperties: false }
);
export type PromptedModelFile = Static<typeof PromptedModelFile>;

/** Content of `model.json`. */
export const ModelFile = Type.Union([AutomaticModelFile, PromptedModelFile], { title: 'ModelFile' });
export type ModelFile = Static<typeof ModelFile>;
