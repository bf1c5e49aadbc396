import type { CaseInput, LesionConsensus } from './caseConsensus.js';
import type { SegmentLesions } from './caseLesions.js';
import type { CaseReaders } from './caseReaders.js';
import type { StructureConsensus } from './caseStructures.js';
import { describeFlip, findFlippedReads } from './flippedReads.js';
import type { ConsensusWarning, ConsensusWarningCode } from './warnings.js';

/** Everything that must be said about a consensus, once. */
export function warningsOfCase(
  { reads, dims }: CaseInput,
  readers: CaseReaders,
  structures: readonly StructureConsensus[],
  lesions: ReadonlyMap<number, SegmentLesions>,
  presented: readonly LesionConsensus[],
  undecidedVoxels: number
): ConsensusWarning[] {
  const warnings: ConsensusWarning[] = findFlippedReads(reads, dims).map(flipped => ({
    code: 'read.flipped',
    text: describeFlip(flipped),
    segment: flipped.segment,
    reads: flipped.reads
  }));
  for (const { segment, object } of structures) {
    warnings.push(...object.warnings.map(warning => ({ ...warning, segment })));
  }
  for (const [segment, found] of lesions) {
    warnings.push(...warningsOfLesions(segment, found, readers, presented));
  }
  if (undecidedVoxels > 0) {
    const text = `${undecidedVoxels} voxels are undecided: somebody has to look at them.`;
    warnings.push({ code: 'ties.undecided', text, segment: null, reads: [] });
  }
  return warnings;
}

function warningsOfLesions(
  segment: number,
  { lesions, splits, readers: counted }: SegmentLesions,
  readers: CaseReaders,
  presented: readonly LesionConsensus[]
): ConsensusWarning[] {
  if (counted.length === 0) {
    return [{ code: 'readers.none', text: 'Nobody has read this segment.', segment, reads: [] }];
  }
  if (lesions.length === 0) {
    return [
      { code: 'segment.empty', text: 'No reader marked this segment: its consensus is empty.', segment, reads: [] }
    ];
  }
  const warnings: ConsensusWarning[] = [];
  if (counted.length === 1) {
    const text = 'One reader only: the consensus is this read, and nothing can be said about agreement.';
    warnings.push({ code: 'readers.one', text, segment, reads: counted.map(reader => readers.ids[reader] ?? '') });
  }
  const said = new Map<ConsensusWarningCode, { text: string; lesions: number[]; reads: Set<string> }>();
  const ids = presented.filter(lesion => lesion.segment === segment).map(({ id }) => id);
  lesions.forEach(({ object, accepted }, n) => {
    if (!accepted) return;
    for (const { code, text, reads } of object.warnings) {
      if (code === 'readers.one') continue;
      const entry = said.get(code) ?? { text, lesions: [], reads: new Set() };
      entry.lesions.push(ids[n] ?? 0);
      for (const read of reads) entry.reads.add(read);
      said.set(code, entry);
    }
  });
  for (const [code, { text, lesions: numbers, reads }] of said) {
    const where = `Lesion${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`;
    warnings.push({ code, text: `${where}: ${text}`, segment, reads: [...reads] });
  }
  const nameOf = (place: number): string => readers.ids[counted[place] ?? -1] ?? '';
  for (const { whole, parts } of splits) {
    const part = nameOf(parts[0]?.reader ?? -1);
    warnings.push({
      code: 'lesion.split',
      text: `${part} drew ${parts.length} objects where ${nameOf(whole.reader)} drew one; they count as one lesion.`,
      segment,
      reads: [part, nameOf(whole.reader)]
    });
  }
  return warnings;
}
