import { boxSize } from '@voxcord/schemas/labelmap';
import type { CaseInput, DisputedRegion, LesionConsensus } from './caseConsensus.js';
import type { LesionAgreement, SegmentLesions } from './caseLesions.js';
import type { CaseReaders } from './caseReaders.js';
import type { StructureConsensus } from './caseStructures.js';
import type { Claims } from './claims.js';
import { describeDisputes, type Subject } from './disputes.js';
import type { VotePatterns } from './votePatterns.js';

export interface CaseParts {
  readonly input: CaseInput;
  readonly readers: CaseReaders;
  readonly patterns: VotePatterns;
  readonly structures: readonly StructureConsensus[];
  readonly lesions: ReadonlyMap<number, SegmentLesions>;
  readonly presented: readonly LesionConsensus[];
  readonly claims: Claims;
  readonly labels: Uint8Array;
  /** Disagreement per pattern. */
  readonly byPattern: Uint8Array;
}

/** The disputes of a case: what they are about is decided per voxel, from the votes and from the lesions that they mark. */
export function disputesOfCase(parts: CaseParts): DisputedRegion[] {
  const { input, readers, patterns, claims, labels, byPattern } = parts;
  const { box, index } = patterns;
  if (box === null) return [];
  const subjects = new Subjects();
  const lesionsAt = new LesionsAt(parts);
  const marks = new ReaderMarks(patterns);
  const ofStructures = structureSubjects(parts, subjects, marks);
  const subjectOf = new Uint32Array(index.length);
  const disagreement = new Uint8Array(index.length);
  const [ni, nj, nk] = boxSize(box);
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, voxel++) {
        const pattern = index[voxel] ?? 0;
        const apart = byPattern[pattern] ?? 0;
        if (apart === 0) continue;
        disagreement[voxel] = apart;
        const marked = lesionsAt.find(pattern, i + box.min[0], j + box.min[1], k + box.min[2]);
        subjectOf[voxel] =
          marked.length === 0 ? (ofStructures[pattern] ?? 0) : subjects.number(subjectOfLesions(marked));
      }
    }
  }
  const probability = probabilities(parts);
  return describeDisputes({
    dims: input.dims,
    spacing: input.spacing,
    box,
    subjectOf,
    subjects: subjects.list,
    disagreement,
    reads: input.reads,
    labels,
    isPresent: ({ lesion, segments }, reader) => {
      if (segments.every(segment => readers.notRead(reader, segment))) return null;
      const found = lesion === null ? undefined : parts.presented[lesion - 1];
      if (found !== undefined) return found.readers[reader]?.present ?? null;
      return segments.some(segment => marks.has(reader, segment));
    },
    probability,
    isUndecided: at => claims.isUndecided(at)
  });
}

/** Numbers subjects from 1, equal ones alike. */
class Subjects {
  readonly list: Subject[] = [];
  private readonly numbers = new Map<string, number>();

  number(subject: Subject): number {
    const key = `${subject.kind} ${subject.segments.join(',')} ${subject.lesion ?? ''}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.list.push(subject);
    this.numbers.set(key, this.list.length);
    return this.list.length;
  }
}

/** Which segments each reader marked anywhere. */
class ReaderMarks {
  private readonly segments: readonly ReadonlySet<number>[];

  constructor({ table, counts, readers }: VotePatterns) {
    this.segments = Array.from({ length: readers }, (_, reader) => {
      const marked = new Set<number>();
      for (let pattern = 0; pattern < counts.length; pattern++) marked.add(table[pattern * readers + reader] ?? 0);
      return marked;
    });
  }

  has(reader: number, segment: number): boolean {
    return this.segments[reader]?.has(segment) === true;
  }
}

/** The subject of each pattern, as far as structures go. */
function structureSubjects(parts: CaseParts, subjects: Subjects, marks: ReaderMarks): Uint32Array {
  const { patterns, readers, byPattern } = parts;
  const { table, readers: all } = patterns;
  return Uint32Array.from(byPattern, (apart, pattern) => {
    if (apart === 0) return 0;
    const labels = new Set(table.subarray(pattern * all, (pattern + 1) * all));
    labels.delete(0);
    const segments = [...labels].sort((a, b) => a - b);
    if (segments.length > 1) return subjects.number({ kind: 'label', segments, lesion: null });
    const isMissing = segments.some(segment => readers.counted(segment).some(reader => !marks.has(reader, segment)));
    return subjects.number({ kind: isMissing ? 'presence' : 'boundary', segments, lesion: null });
  });
}

function subjectOfLesions(lesions: readonly LesionConsensus[]): Subject {
  const segments = [...new Set(lesions.map(({ segment }) => segment))].sort((a, b) => a - b);
  if (segments.length > 1) return { kind: 'label', segments, lesion: null };
  const missed = lesions.find(({ votes, asked }) => votes < asked);
  const shown = missed ?? lesions[0];
  return { kind: missed === undefined ? 'boundary' : 'presence', segments, lesion: shown?.id ?? null };
}

/** Finds the lesions that readers marked at a voxel. */
class LesionsAt {
  private readonly finders: readonly {
    readonly segment: number;
    readonly found: SegmentLesions;
    /** Lesion of each component, per reader of the segment. */
    readonly ofComponent: readonly ReadonlyMap<number, LesionConsensus>[];
  }[];
  private readonly hasLesion: Uint8Array;

  constructor({ lesions, presented, patterns }: CaseParts) {
    const { table, counts, readers } = patterns;
    let first = 0;
    this.finders = [...lesions]
      .sort(([a], [b]) => a - b)
      .map(([segment, found]) => {
        const ofComponent = found.readers.map(() => new Map<number, LesionConsensus>());
        found.lesions.forEach(({ group }, n) => {
          const lesion = presented[first + n];
          for (const part of group.parts) {
            if (lesion !== undefined) ofComponent[part.reader]?.set(part.component, lesion);
          }
        });
        first += found.lesions.length;
        return { segment, found, ofComponent };
      });
    const segments = new Set(lesions.keys());
    this.hasLesion = Uint8Array.from(counts, (_, pattern) =>
      table.subarray(pattern * readers, (pattern + 1) * readers).some(label => segments.has(label)) ? 1 : 0
    );
  }

  find(pattern: number, i: number, j: number, k: number): LesionConsensus[] {
    if (this.hasLesion[pattern] === 0) return [];
    const result: LesionConsensus[] = [];
    for (const { found, ofComponent } of this.finders) {
      const { box, instances } = found;
      if (box === null || instances === null) continue;
      const [a, b, c] = [i - box.min[0], j - box.min[1], k - box.min[2]];
      const [ni, nj, nk] = instances.dims;
      if (a < 0 || b < 0 || c < 0 || a >= ni || b >= nj || c >= nk) continue;
      const at = a + ni * (b + nj * c);
      instances.components.forEach((components, place) => {
        const lesion = ofComponent[place]?.get(components[at] ?? 0);
        if (lesion !== undefined && !result.includes(lesion)) result.push(lesion);
      });
    }
    return result.sort((a, b) => a.id - b.id);
  }
}

/** Probability that a voxel of the box belongs to the subject: summed over its segments. */
function probabilities({ structures, lesions, patterns }: CaseParts): (subject: Subject, voxel: number) => number {
  const { box, index, table, readers } = patterns;
  if (box === null) return () => 0;
  const [ni, nj] = boxSize(box);
  const softOf = new Map(structures.map(({ segment, soft }) => [segment, soft]));
  const ordered: LesionAgreement[] = [...lesions].sort(([a], [b]) => a - b).flatMap(([, found]) => found.lesions);
  return ({ segments, lesion }, voxel) => {
    const agreement = lesion === null ? undefined : ordered[lesion - 1];
    if (agreement !== undefined) {
      const i = (voxel % ni) + box.min[0];
      const row = Math.floor(voxel / ni);
      return softAt(agreement, i, (row % nj) + box.min[1], Math.floor(row / nj) + box.min[2]);
    }
    const pattern = index[voxel] ?? 0;
    let sum = 0;
    for (const segment of segments) {
      const soft = softOf.get(segment);
      if (soft !== undefined) sum += soft[pattern] ?? 0;
      else {
        const votes = table.subarray(pattern * readers, (pattern + 1) * readers);
        sum += votes.filter(label => label === segment).length / readers;
      }
    }
    return Math.min(1, sum);
  };
}

function softAt({ shape, soft }: LesionAgreement, i: number, j: number, k: number): number {
  const [ni, nj, nk] = boxSize(shape);
  const [a, b, c] = [i - shape.min[0], j - shape.min[1], k - shape.min[2]];
  if (a < 0 || b < 0 || c < 0 || a >= ni || b >= nj || c >= nk) return 0;
  return soft[a + ni * (b + nj * c)] ?? 0;
}
