import type { Shape } from './shapes.js';
import type { TissueName } from './tissues.js';

/** Structures whose volume is told: liver 1, nodules 2 in label maps; the rest as background. */
export type StructureKind = 'liver' | 'nodule' | 'other';

/** A part of the body made of one tissue. */
export interface Structure {
  readonly tissue: TissueName;
  readonly shape: Shape;
  /** Which coordinates the shape takes: the common anatomy's, or those of the subject's reference phase. */
  readonly frame: 'anatomy' | 'subject';
  readonly kind: StructureKind;
}

export function part(tissue: TissueName, shape: Shape, kind: StructureKind = 'other'): Structure {
  return { tissue, shape, frame: 'anatomy', kind };
}
