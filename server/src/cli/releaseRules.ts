import { MODALITY, ProtocolContent, type EvaluationResult, type EvaluationWarning } from '@voxcord/schemas/api';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import { Value } from 'typebox/value';
import { SURFACE_DEFINITIONS, type SurfaceDefinition } from '../agreement/index.js';
import { DEFAULT_MATCHING, type EvaluationSettings } from '../evaluation/index.js';
import { RefusedError, UsageError } from './commandErrors.js';

/** What the command line says otherwise than the release. */
export interface RuleOptions {
  readonly tau?: number;
  /** Empty: all, that of the protocol first. */
  readonly definition: readonly SurfaceDefinition[];
  readonly lesion: readonly number[];
  /** Numbers of the predictions, by those of the release. */
  readonly map: ReadonlyMap<number, number>;
  readonly score: EvaluationSettings['score'];
}

export interface EvaluationRules {
  readonly names: EvaluationResult['names'];
  readonly settings: EvaluationSettings;
  readonly warnings: readonly EvaluationWarning[];
}

/**
 * By what a release is evaluated: the protocol that was in force says which segments are lesions, when two marks are the
 * same one, and how surfaces are measured. Throws `RefusedError` (`evaluation.tau`), and `UsageError` if options name
 * segments that the release does not have.
 */
export function rulesOf({ protocols, segments }: ReleaseManifest, options: RuleOptions): EvaluationRules {
  const content = protocols.at(-1)?.content;
  const protocol = Value.Check(ProtocolContent, content) ? content : null;
  const kinds = new Map(protocol?.segments.map(({ number, kind }) => [number, kind]));
  for (const number of options.lesion) kinds.set(number, 'lesion');
  const tau = options.tau ?? protocol?.agreement.tolerance;
  if (tau === undefined) {
    throw new RefusedError('evaluation.tau', 'The release does not say how far surfaces may be apart: give --tau MM.');
  }
  const names = segments
    .filter(({ retired }) => !retired)
    .map(({ number, name }) => ({ number, name, kind: kinds.get(number) ?? ('structure' as const) }));
  checkNumbers(names, options);
  // Who names lesions has said of the others that they are none.
  const unknown =
    options.lesion.length > 0 ? [] : names.filter(({ number }) => !kinds.has(number)).map(({ name }) => name);
  return {
    names,
    settings: {
      definitions: definitionsOf(options.definition, protocol?.agreement.surface ?? 'deepmind'),
      tau,
      matching: protocol?.consensus.lesions.matching ?? DEFAULT_MATCHING,
      score: options.score
    },
    warnings: unknown.length === 0 ? [] : [{ code: 'kinds-unknown', text: kindsText(unknown) }]
  };
}

/** A slip in a number would make a segment disappear, and its figures 0. */
function checkNumbers(names: EvaluationRules['names'], { lesion, map }: RuleOptions): void {
  const unknown = [...lesion, ...map.keys()].find(number => !names.some(each => each.number === number));
  if (unknown !== undefined) {
    const there = names.map(({ number, name }) => `${number} ${name}`).join(', ');
    throw new UsageError(`The release has no segment ${unknown}; it has ${there}.`);
  }
  const from = [...map.values()];
  const twice = from.find((number, index) => from.indexOf(number) !== index);
  if (twice === undefined) return;
  throw new UsageError(
    `Segment ${twice} of the predictions cannot be two segments of the release: give one --map for it.`
  );
}

function definitionsOf(
  [first, ...others]: readonly SurfaceDefinition[],
  preferred: SurfaceDefinition
): [SurfaceDefinition, ...SurfaceDefinition[]] {
  if (first !== undefined) return [first, ...others];
  return [preferred, ...SURFACE_DEFINITIONS.filter(definition => definition !== preferred)];
}

function kindsText(names: readonly string[]): string {
  return (
    `The release does not say whether ${names.join(', ')} are structures or lesions; they count as structures. Name ` +
    'lesions with --lesion NUMBER.'
  );
}

/** What a release knows of a case that can part cases into groups. */
export function strataOf({ strata, image }: ReleaseManifest['cases'][number]): Record<string, string> {
  const known = Object.entries(strata).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : []
  );
  return Object.fromEntries([...known, [MODALITY, image.modality]]);
}
