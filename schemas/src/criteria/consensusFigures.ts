import type { ConsensusResult, PairAgreement, SegmentAgreement } from '../api/consensus.js';
import type { Figures } from './evaluateExpression.js';
import type { Asked, Vocabulary } from './vocabulary.js';

/** The parts of a consensus that criteria are evaluated on. */
export type MeasuredConsensus = Pick<ConsensusResult, 'segments' | 'agreement' | 'lesions' | 'disputes'> & {
  readonly readers: readonly { readonly letter: string }[];
  /** Volume of each segment in each read, ml: `volumesMl[letter][segment]`; left out where it was not read. */
  readonly volumesMl: Readonly<Record<string, Readonly<Record<number, number>>>>;
};

const MM3_PER_ML = 1000;

type Values = readonly (number | string)[];

/** Figures of one consensus; `segments` are those of the protocol. */
export function figuresOfConsensus(consensus: MeasuredConsensus, segments: Vocabulary['segments']): Figures {
  return {
    segments,
    readers: consensus.readers.map(({ letter }) => letter),
    valuesOf: asked => valuesOf(consensus, asked)
  };
}

function valuesOf(consensus: MeasuredConsensus, asked: Asked): Values {
  const { segment } = asked;
  switch (asked.name) {
    case 'volume':
      return volumes(consensus, asked);
    case 'dice':
    case 'iou':
    case 'nsd':
    case 'hd':
    case 'hd95':
    case 'assd':
    case 'volumeDifference':
      return pairs(consensus, asked, asked.name);
    case 'fleissKappa':
      return ofSegment(consensus.agreement, segment).flatMap(({ fleissKappa }) => fleissKappa ?? []);
    case 'sensitivity':
    case 'specificity':
      return performance(consensus, asked, asked.name);
    case 'lesions':
      return [countLesions(consensus, asked)];
    case 'lesionRecall':
      return lesionRecall(consensus, asked);
    case 'lesionsDisputed':
      return [lesionsOf(consensus, segment).filter(isDisputed).length];
    case 'diameter':
      return lesionsOf(consensus, segment).flatMap(({ accepted, diameter }) => (accepted ? [diameter] : []));
    case 'undecidedShare':
      return ofSegment(consensus.segments, segment).map(({ voxels, undecidedVoxels }) =>
        undecidedVoxels === 0 ? 0 : undecidedVoxels / (voxels + undecidedVoxels)
      );
    case 'disputes':
      return [consensus.disputes.length];
    case 'disputedVolume':
      return [consensus.disputes.reduce((sum, { volumeMl }) => sum + volumeMl * MM3_PER_ML, 0)];
    case 'readers':
      return [consensus.readers.length];
  }
}

function ofSegment<Item extends { readonly number: number }>(items: readonly Item[], segment: number | null): Item[] {
  return items.filter(({ number }) => segment === null || number === segment);
}

function lesionsOf(consensus: MeasuredConsensus, segment: number | null): MeasuredConsensus['lesions'] {
  return consensus.lesions.filter(lesion => segment === null || lesion.segment === segment);
}

function volumes(consensus: MeasuredConsensus, { segment, readers }: Asked): Values {
  const [letter] = readers;
  if (letter === undefined) {
    return ofSegment(consensus.segments, segment).map(({ volumeMl }) => volumeMl * MM3_PER_ML);
  }
  const volume = segment === null ? undefined : consensus.volumesMl[letter]?.[segment];
  return volume === undefined ? [`reader ${letter} has not read this segment`] : [volume * MM3_PER_ML];
}

type PairFigure = 'dice' | 'iou' | 'nsd' | 'hd' | 'hd95' | 'assd' | 'volumeDifference';

/** Pairs in which nobody has marked the segment agree, and have no figure: they are left out. */
function pairs(consensus: MeasuredConsensus, { segment, readers }: Asked, figure: PairFigure): Values {
  const values = ofSegment(consensus.agreement, segment).flatMap(agreement =>
    agreement.pairs
      .filter(({ a, b }) => readers.length === 0 || (readers.includes(a) && readers.includes(b)))
      .flatMap(pair => pairValue(agreement, pair, figure))
  );
  if (values.length > 0) return values;
  return [consensus.readers.length < 2 ? 'it needs two readers' : 'none of the readers compared has marked anything'];
}

function pairValue({ number }: SegmentAgreement, pair: PairAgreement, figure: PairFigure): Values {
  if (figure === 'volumeDifference') return [Math.abs(pair.volumeDifferenceMl) * MM3_PER_ML];
  const value = pair[figure];
  if (value !== null) return [value];
  // Both have marked nothing, or one alone: then a distance is infinite, and leaving it out would hide a miss.
  return pair.dice === null ? [] : [`of readers ${pair.a} and ${pair.b} only one has marked segment ${number}`];
}

function performance(
  consensus: MeasuredConsensus,
  { segment, readers }: Asked,
  figure: 'sensitivity' | 'specificity'
): Values {
  return ofSegment(consensus.segments, segment).flatMap(each =>
    each.performance
      .filter(({ letter }) => readers.length === 0 || readers.includes(letter))
      .flatMap(reader => reader[figure] ?? [])
  );
}

function countLesions(consensus: MeasuredConsensus, { segment, readers }: Asked): number {
  const [letter] = readers;
  return lesionsOf(consensus, segment).filter(({ accepted, readers: marks }) =>
    letter === undefined ? accepted : marks.some(mark => mark.letter === letter && mark.present === true)
  ).length;
}

function lesionRecall(consensus: MeasuredConsensus, { segment, readers }: Asked): Values {
  const accepted = lesionsOf(consensus, segment).filter(lesion => lesion.accepted);
  return consensus.readers
    .filter(({ letter }) => readers.length === 0 || readers.includes(letter))
    .flatMap(({ letter }) => {
      const seen = accepted.flatMap(lesion => lesion.readers.find(mark => mark.letter === letter)?.present ?? []);
      return seen.length === 0 ? [] : [seen.filter(Boolean).length / seen.length];
    });
}

/** Some have marked it, others who have read the segment have not. */
function isDisputed({ readers }: MeasuredConsensus['lesions'][number]): boolean {
  return readers.some(({ present }) => present === true) && readers.some(({ present }) => present === false);
}
