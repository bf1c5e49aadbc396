import type { ConsensusRules, RegionRule, ShapeMethod } from '@voxcord/schemas/api';

/** Choices of a region that one may compare; a margin in mm. */
export const REGION_CHOICES: readonly RegionRule[] = [
  { rule: 'whole' },
  { rule: 'union' },
  { rule: 'margin', millimetres: 5 },
  { rule: 'margin', millimetres: 10 },
  { rule: 'margin', millimetres: 20 }
];

export const METHOD_CHOICES: readonly ShapeMethod['id'][] = [
  'vote.kofn',
  'staple.binary.itk',
  'staple.multilabel.f64',
  'staple.map',
  'sba'
];

/** Same text for the same region: values of a list of choices. */
export function keyOfRegion(region: RegionRule): string {
  return region.rule === 'margin' ? `margin:${region.millimetres}` : region.rule;
}

/** The region of a method; null: its answer does not depend on one. */
export function regionOf(method: ShapeMethod): RegionRule | null {
  return 'region' in method ? method.region : null;
}

/** The same rules with another region, wherever there is one. */
export function withRegion(rules: ConsensusRules, region: RegionRule): ConsensusRules {
  const change = (method: ShapeMethod): ShapeMethod => ('region' in method ? { ...method, region } : method);
  return {
    ...rules,
    structures: change(rules.structures),
    lesions: { ...rules.lesions, shape: change(rules.lesions.shape) }
  };
}

/** The same rules with another method for structures and for the shape of lesions; the region is kept. */
export function withMethod(rules: ConsensusRules, id: ShapeMethod['id']): ConsensusRules {
  const region = regionOf(rules.structures) ?? regionOf(rules.lesions.shape) ?? { rule: 'margin', millimetres: 10 };
  const method = methodOf(id, region);
  // A lesion is one structure by itself: all structures at once means nothing there.
  const shape = id === 'staple.multilabel.f64' ? methodOf('staple.binary.itk', region) : method;
  return { ...rules, structures: method, lesions: { ...rules.lesions, shape } };
}

function methodOf(id: ShapeMethod['id'], region: RegionRule): ShapeMethod {
  switch (id) {
    case 'vote.kofn':
      return { id, threshold: null, ties: 'undecided' };
    case 'sba':
      return { id, ties: 'undecided' };
    case 'staple.binary.itk':
      return { id, confidenceWeight: 1, region };
    case 'staple.multilabel.f64':
    case 'staple.map':
      return { id, region };
  }
}
