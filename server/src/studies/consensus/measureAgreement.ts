import type { AgreementRules, PairAgreement, SegmentAgreement } from '@voxcord/schemas/api';
import {
  agreementOfCase,
  type KappaRegion,
  type PairAgreement as MeasuredPair,
  type ReadLabels
} from '../../agreement/index.js';
import type { ConsensusTask } from './consensusTask.js';

interface MeasuredRead {
  readonly letter: string;
  readonly labels: Uint8Array;
  readonly notRead: readonly number[];
}

/** How far the readers agree, segment by segment, among those who have read it; by the definitions of the protocol. */
export function measureAgreement(
  { dims, spacing, segments, agreement }: Pick<ConsensusTask, 'dims' | 'spacing' | 'segments' | 'agreement'>,
  reads: readonly MeasuredRead[]
): SegmentAgreement[] {
  const groups = new Map<string, { readers: MeasuredRead[]; numbers: number[] }>();
  for (const { number } of segments) {
    const readers = reads.filter(({ notRead }) => !notRead.includes(number));
    const key = readers.map(({ letter }) => letter).join();
    const group = groups.get(key) ?? { readers, numbers: [] };
    group.numbers.push(number);
    groups.set(key, group);
  }
  const found = new Map<number, SegmentAgreement>();
  for (const { readers, numbers } of groups.values()) {
    if (readers.length < 2) continue;
    const measured = agreementOfCase(
      readers.map(({ letter, labels }): ReadLabels => ({ name: letter, labels })),
      numbers,
      { dims, spacing },
      {
        tau: agreement.tolerance,
        definitions: [agreement.surface],
        kappaRoi: kappaRegion(agreement.kappaRegion)
      }
    );
    for (const { number, pairs, kappa } of measured.segments) {
      found.set(number, {
        number,
        pairs: pairs.map(pair => presentPair(pair, agreement)),
        fleissKappa: kappa.chosen.value
      });
    }
  }
  return segments.map(({ number }) => found.get(number) ?? { number, pairs: [], fleissKappa: null });
}

function presentPair(
  { a, b, dice, iou, volumeDifferenceMl, surfaces }: MeasuredPair,
  rules: AgreementRules
): PairAgreement {
  const surface = surfaces[rules.surface];
  return {
    a,
    b,
    dice,
    iou,
    volumeDifferenceMl,
    hd: surface?.hd ?? null,
    hd95: surface?.hdPercentile ?? null,
    assd: surface?.assd ?? null,
    nsd: surface?.nsd ?? null
  };
}

function kappaRegion(rule: AgreementRules['kappaRegion']): KappaRegion {
  return rule.rule === 'margin' ? { kind: 'margin', mm: rule.millimetres } : { kind: rule.rule };
}
