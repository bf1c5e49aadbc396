import type { AgreementRules, ProtocolSegment } from '@voxcord/schemas/api';
import type { MetricTable } from '@voxcord/schemas/files';
import type { CaseTruth } from './caseTruth.js';

type Rows = MetricTable['rows'];

/** Of lesions by their diameter, mm. */
const STRATA = [0, 10, 20, 30] as const;

/** The tables of a release: every column of figures names its definition. */
export function metricTables(
  truths: readonly CaseTruth[],
  segments: readonly ProtocolSegment[],
  rules: AgreementRules
): MetricTable[] {
  const names = new Map(segments.map(({ number, name }) => [number, name]));
  const nameOf = (number: number): string => names.get(number) ?? String(number);
  return [
    agreementTable(truths, nameOf, rules),
    volumeTable(truths, nameOf),
    performanceTable(truths, nameOf),
    lesionTable(truths, nameOf),
    strataTable(truths)
  ];
}

type NameOf = (number: number) => string;

function agreementTable(truths: readonly CaseTruth[], nameOf: NameOf, rules: AgreementRules): MetricTable {
  const { surface, tolerance } = rules;
  const rows = truths.flatMap(({ seen, draft, computed }): Rows =>
    computed.result.agreement.flatMap(({ number, pairs }) =>
      pairs.map(pair => [
        seen.case_.title,
        nameOf(number),
        readerOf(draft.readers, pair.a),
        readerOf(draft.readers, pair.b),
        pair.dice,
        pair.iou,
        pair.volumeDifferenceMl,
        pair.hd,
        pair.hd95,
        pair.assd,
        pair.nsd
      ])
    )
  );
  return {
    id: 'agreement',
    title: 'Agreement of two readers',
    columns: [
      text('case'),
      text('segment'),
      text('first reader'),
      text('second reader'),
      figure('Dice', '', 'dice'),
      figure('IoU', '', 'iou'),
      figure('volume difference', 'ml', 'volume.second-minus-first'),
      figure('HD', 'mm', `hd.${surface}`),
      figure('HD95', 'mm', `hd95.${surface}`),
      figure('ASSD', 'mm', `assd.${surface}`),
      figure('NSD', '', `nsd.${surface}.tau-${tolerance}mm`)
    ],
    rows
  };
}

function volumeTable(truths: readonly CaseTruth[], nameOf: NameOf): MetricTable {
  const rows = truths.flatMap(({ seen, draft, computed }): Rows =>
    computed.volumes.map(({ letter, number, volumeMl }) => [
      seen.case_.title,
      nameOf(number),
      readerOf(draft.readers, letter),
      volumeMl
    ])
  );
  return {
    id: 'volumes',
    title: 'Volumes by reader',
    columns: [text('case'), text('segment'), text('reader'), figure('volume', 'ml', 'volume.voxels')],
    rows
  };
}

function performanceTable(truths: readonly CaseTruth[], nameOf: NameOf): MetricTable {
  const rows = truths.flatMap(({ seen, draft, computed }): Rows =>
    computed.result.segments.flatMap(({ number, method, performance }) =>
      performance.map(({ letter, sensitivity, specificity }) => [
        seen.case_.title,
        nameOf(number),
        method,
        readerOf(draft.readers, letter),
        sensitivity,
        specificity
      ])
    )
  );
  return {
    id: 'performance',
    title: 'Readers against the consensus',
    columns: [
      text('case'),
      text('segment'),
      text('method'),
      text('reader'),
      figure('sensitivity', '', 'sensitivity.consensus'),
      figure('specificity', '', 'specificity.consensus')
    ],
    rows
  };
}

function lesionTable(truths: readonly CaseTruth[], nameOf: NameOf): MetricTable {
  const rows = truths.flatMap(({ seen, computed }): Rows =>
    computed.result.lesions.map(lesion => [
      seen.case_.title,
      nameOf(lesion.segment),
      lesion.id,
      lesion.accepted,
      lesion.readers.filter(({ present }) => present === true).length,
      lesion.readers.filter(({ present }) => present !== null).length,
      lesion.existence,
      lesion.volumeMl,
      lesion.diameter
    ])
  );
  return {
    id: 'lesions',
    title: 'Lesions of the consensus',
    columns: [
      text('case'),
      text('segment'),
      text('lesion'),
      text('accepted'),
      figure('readers who saw it', '', 'lesion.votes'),
      figure('readers asked', '', 'lesion.asked'),
      figure('probability that it exists', '', 'lesion.existence.beta-mean'),
      figure('volume', 'ml', 'volume.voxels'),
      figure('diameter', 'mm', 'diameter.greatest-voxel-distance')
    ],
    rows
  };
}

/** How many lesions of which size there are: whether the data suffice for what they are for. */
function strataTable(truths: readonly CaseTruth[]): MetricTable {
  const lesions = truths.flatMap(({ computed }) => computed.result.lesions);
  const rows = STRATA.map((from, index): Rows[number] => {
    const below = STRATA[index + 1] ?? Infinity;
    const inside = lesions.filter(({ diameter }) => diameter >= from && diameter < below);
    return [
      below === Infinity ? `${from} mm and more` : from === 0 ? `below ${below} mm` : `${from} to below ${below} mm`,
      inside.length,
      inside.filter(({ accepted }) => accepted).length
    ];
  });
  return {
    id: 'lesion-sizes',
    title: 'Lesions by diameter',
    columns: [
      text('diameter'),
      figure('marked by any reader', '', 'lesion.count'),
      figure('accepted', '', 'lesion.count')
    ],
    rows
  };
}

function readerOf(readers: CaseTruth['draft']['readers'], letter: string): string {
  return readers.find(reader => reader.letter === letter)?.reader.displayName ?? letter;
}

function text(name: string): MetricTable['columns'][number] {
  return { name, unit: '', definition: null };
}

function figure(name: string, unit: string, definition: string): MetricTable['columns'][number] {
  return { name, unit, definition };
}
