import type { EvaluatedLesion } from '@voxcord/schemas/api';
import { transformPoint, type Vector } from '@voxcord/schemas/geometry';
import { boxSize, unionBox, type VoxelBox } from '@voxcord/schemas/labelmap';
import {
  countOverlap,
  cropWanted,
  DEFAULT_PERCENTILE,
  maskGrid,
  overlap,
  surfacesOfPairs,
  type Mask,
  type MaskGrid
} from '../agreement/index.js';
import {
  findInstances,
  greatestDistance,
  matchLesions,
  surfaceOf,
  type Instance,
  type Instances
} from '../consensus/index.js';
import { cutOut } from '../morphology/boxes.js';
import { EvaluationError } from './errors.js';
import { lesionMeasures, valuesOf } from './measures.js';
import type { EvaluationGrid, EvaluationSettings } from './settings.js';

export interface LesionInput {
  readonly grid: EvaluationGrid;
  readonly truth: Uint8Array;
  readonly prediction: Uint8Array;
  readonly segment: number;
  /** Around the segment in both; null: neither has it. */
  readonly box: VoxelBox | null;
  /** Of each voxel of the grid; null: there are none. */
  readonly scores: Float32Array | null;
}

export interface EvaluatedLesions {
  /** Lesions of the truth in the order of their first voxels, then false marks. */
  readonly lesions: readonly EvaluatedLesion[];
  readonly inTruth: number;
  readonly marks: number;
  readonly repeatedMarks: number;
}

const TRUTH = 0;
const PREDICTION = 1;

/**
 * Which lesions of the truth were found, by the rule of the protocol that readers' lesions are matched with. Objects are
 * 26-connected. A lesion is found if a mark is matched with it; of several marks on one lesion one counts, the others are
 * neither right nor wrong. A mark that covers several lesions has found those that it is matched with or holds at least
 * half of. Throws `EvaluationError` (`evaluation.scores`).
 */
export function evaluateLesions(input: LesionInput, settings: EvaluationSettings): EvaluatedLesions {
  const { grid, truth, prediction, segment, box } = input;
  if (box === null) return { lesions: [], inTruth: 0, marks: 0, repeatedMarks: 0 };
  const masks = [truth, prediction].map(labels =>
    cutOut(labels, grid.dims, box).map(label => (label === segment ? 1 : 0))
  );
  const instances = findInstances(masks, boxSize(box));
  const { groups } = matchLesions(instances, settings.matching, grid.spacing);
  const describe = new Description(input, box, instances, settings);
  const evaluated = groups.flatMap(({ parts }) => {
    const lesions = parts.filter(({ reader }) => reader === TRUTH);
    const marks = parts.filter(({ reader }) => reader === PREDICTION);
    return lesions.length === 0
      ? marks.map(mark => describe.falseMark(mark))
      : lesions.map(lesion => describe.lesion(lesion, marks));
  });
  return {
    lesions: evaluated.sort(
      (a, b) =>
        (a.lesion ?? Infinity) - (b.lesion ?? Infinity) || (a.marks[0] ?? Infinity) - (b.marks[0] ?? Infinity) || 0
    ),
    inTruth: instances.all.filter(({ reader }) => reader === TRUTH).length,
    marks: instances.all.filter(({ reader }) => reader === PREDICTION).length,
    repeatedMarks: groups.reduce((sum, { parts }) => sum + repeatedIn(parts), 0)
  };
}

function repeatedIn(parts: readonly Instance[]): number {
  const marks = parts.filter(({ reader }) => reader === PREDICTION).length;
  return marks === parts.length ? 0 : Math.max(0, marks - 1);
}

/** Describes objects that were found in a box of the grid. */
class Description {
  constructor(
    private readonly input: LesionInput,
    private readonly box: VoxelBox,
    private readonly instances: Instances,
    private readonly settings: EvaluationSettings
  ) {}

  lesion(lesion: Instance, marks: readonly Instance[]): EvaluatedLesion {
    const isFound = marks.length > 0;
    return {
      segment: this.input.segment,
      outcome: isFound ? 'found' : 'missed',
      lesion: lesion.component,
      marks: marks.map(({ component }) => component),
      centre: this.centreOf(lesion),
      diameter: this.diameterOf([lesion]),
      volumeMl: this.millilitresOf([lesion]),
      markedDiameter: isFound ? this.diameterOf(marks) : null,
      markedVolumeMl: isFound ? this.millilitresOf(marks) : null,
      score: this.scoreOf(marks),
      values: isFound ? this.valuesOf(lesion, marks) : {}
    };
  }

  falseMark(mark: Instance): EvaluatedLesion {
    return {
      segment: this.input.segment,
      outcome: 'false-positive',
      lesion: null,
      marks: [mark.component],
      centre: this.centreOf(mark),
      diameter: null,
      volumeMl: null,
      markedDiameter: this.diameterOf([mark]),
      markedVolumeMl: this.millilitresOf([mark]),
      score: this.scoreOf([mark]),
      values: {}
    };
  }

  private centreOf({ centroid }: Instance): [number, number, number] {
    const { min } = this.box;
    const place: Vector = [centroid[0] + min[0], centroid[1] + min[1], centroid[2] + min[2]];
    const [x, y, z] = transformPoint(this.input.grid.affine, place);
    return [x, y, z];
  }

  private diameterOf(objects: readonly Instance[]): number {
    const surface = objects.flatMap(object => [...surfaceOf(this.instances, object)]);
    return greatestDistance(surface, this.input.grid.spacing);
  }

  private millilitresOf(objects: readonly Instance[]): number {
    const [si, sj, sk] = this.input.grid.spacing;
    return (objects.reduce((sum, { voxels }) => sum + voxels, 0) * si * sj * sk) / 1000;
  }

  /** How well the lesion is outlined by all marks that are matched with it. */
  private valuesOf(lesion: Instance, marks: readonly Instance[]): Record<string, number | null> {
    const { definitions, tau } = this.settings;
    const [definition] = definitions;
    const box = [lesion, ...marks].map(each => each.box).reduce(unionBox);
    // Whether it is a plane is seen from the whole grid: a flat box in space is none.
    const grid = maskGrid(this.input.grid, box);
    const a = this.maskOf([lesion], box, grid);
    const b = this.maskOf(marks, box, grid);
    const { dice, iou } = overlap(countOverlap(a, b));
    const settings = { tau, percentile: DEFAULT_PERCENTILE, definitions: [definition] };
    const surfaces = surfacesOfPairs([a, b], grid, settings)(0, 1);
    return valuesOf(lesionMeasures(definition, tau), { dice, iou, surfaces });
  }

  private maskOf(objects: readonly Instance[], box: VoxelBox, grid: MaskGrid): Mask {
    const components = this.instances.components[objects[0]?.reader ?? TRUTH] ?? new Uint32Array();
    const wanted = new Uint8Array(this.instances.all.length + 1);
    for (const { component } of objects) wanted[component] = 1;
    return cropWanted(components, this.instances.dims, box, wanted, grid);
  }

  /** The highest of the marks; of each over its voxels. */
  private scoreOf(marks: readonly Instance[]): number | null {
    const { scores } = this.input;
    if (scores === null || marks.length === 0) return null;
    return Math.max(...marks.map(mark => this.scoreOfMark(mark, scores)));
  }

  private scoreOfMark({ reader, component, box, voxels }: Instance, scores: Float32Array): number {
    const { dims } = this.input.grid;
    const [ni, nj] = this.instances.dims;
    const labels = this.instances.components[reader] ?? new Uint32Array();
    const { min } = this.box;
    let [highest, sum] = [-Infinity, 0];
    for (let k = box.min[2]; k <= box.max[2]; k++) {
      for (let j = box.min[1]; j <= box.max[1]; j++) {
        for (let i = box.min[0]; i <= box.max[0]; i++) {
          if (labels[i + ni * (j + nj * k)] !== component) continue;
          const score = scores[i + min[0] + dims[0] * (j + min[1] + dims[1] * (k + min[2]))] ?? NaN;
          if (!Number.isFinite(score)) throw notFinite(score);
          highest = Math.max(highest, score);
          sum += score;
        }
      }
    }
    return this.settings.score === 'maximum' ? highest : sum / voxels;
  }
}

function notFinite(score: number): EvaluationError {
  return new EvaluationError(
    'evaluation.scores',
    `A voxel of a mark has the score ${score}. Scores are finite numbers: check how the model was run.`
  );
}
