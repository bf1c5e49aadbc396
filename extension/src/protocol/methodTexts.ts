import type { TranslationBundle } from '@jupyterlab/translation';
import type { RegionRule, ShapeMethod, SurfaceDefinition, TieRule } from '@voxcord/schemas/api';

export type MethodId = ShapeMethod['id'];

export interface NamedText<V extends string> {
  readonly value: V;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly explanation: string;
}

/** Methods that make one shape of several. */
export function methodTexts(trans: TranslationBundle): readonly NamedText<MethodId>[] {
  return [
    {
      value: 'staple.multilabel.f64',
      label: trans.__('STAPLE, all segments at once'),
      explanation: trans.__(
        'Estimates how well each reader tells each segment from the others, and weighs their votes by it. For structures that border on one another.'
      )
    },
    {
      value: 'staple.binary.itk',
      label: trans.__('STAPLE'),
      explanation: trans.__(
        'Estimates sensitivity and specificity of each reader and weighs their votes by them, segment by segment.'
      )
    },
    {
      value: 'staple.map',
      label: trans.__('STAPLE with priors'),
      explanation: trans.__(
        'STAPLE with a mild belief that readers are good. Stays sensible with two readers, rare segments and missing reads.'
      )
    },
    {
      value: 'vote.kofn',
      label: trans.__('Vote'),
      explanation: trans.__('A voxel belongs to the segment if enough readers say so. Every reader counts the same.')
    },
    {
      value: 'sba',
      label: trans.__('Shape-based averaging'),
      explanation: trans.__(
        'Averages the distances to the readers’ boundaries. Gives smooth shapes, and is the choice for two readers.'
      )
    }
  ];
}

export function regionTexts(trans: TranslationBundle): readonly NamedText<RegionRule['rule']>[] {
  return [
    {
      value: 'margin',
      label: trans.__('Around what readers painted'),
      explanation: trans.__('A box around everything that any reader painted, grown on every side.')
    },
    {
      value: 'union',
      label: trans.__('Where any reader painted'),
      explanation: trans.__('Only voxels that at least one reader painted.')
    },
    {
      value: 'whole',
      label: trans.__('Whole image'),
      explanation: trans.__('Every voxel. The background then decides: specificity is always close to 1.')
    }
  ];
}

export function tieTexts(trans: TranslationBundle): readonly NamedText<TieRule>[] {
  return [
    { value: 'undecided', label: trans.__('Undecided'), explanation: trans.__('Ties are left to adjudication.') },
    { value: 'background', label: trans.__('Background'), explanation: trans.__('A tie is not part of the segment.') },
    { value: 'foreground', label: trans.__('Segment'), explanation: trans.__('A tie is part of the segment.') }
  ];
}

export function surfaceTexts(trans: TranslationBundle): readonly NamedText<SurfaceDefinition>[] {
  return [
    {
      value: 'deepmind',
      label: trans.__('weighted by area (deepmind)'),
      explanation: trans.__(
        'Surface elements weighted by their area; the distance of the farthest 5 % in each direction.'
      )
    },
    {
      value: 'metricsreloaded',
      label: trans.__('boundary voxels (metricsreloaded)'),
      explanation: trans.__('Boundary voxels, each counting once, as Metrics Reloaded defines it.')
    },
    {
      value: 'mesh',
      label: trans.__('triangle mesh (mesh)'),
      explanation: trans.__('Distances between triangle meshes of the two boundaries.')
    }
  ];
}

export type AdjudicationRule = 'none' | '2+1' | 'always';

export function adjudicationTexts(trans: TranslationBundle): readonly NamedText<AdjudicationRule>[] {
  return [
    {
      value: '2+1',
      label: trans.__('If readers disagree (2+1)'),
      explanation: trans.__(
        'If one of the conditions below holds in a case, somebody who has not read it decides what is disputed.'
      )
    },
    {
      value: 'always',
      label: trans.__('Always'),
      explanation: trans.__('Every dispute is decided by somebody who has not read the case.')
    },
    { value: 'none', label: trans.__('Never'), explanation: trans.__('The consensus stands as it is computed.') }
  ];
}

/** What is said of one value. */
export function textOf<V extends string>(texts: readonly NamedText<V>[], value: V): NamedText<V> {
  return texts.find(text => text.value === value) ?? { value, label: value, explanation: '' };
}
