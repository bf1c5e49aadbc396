import type { TranslationBundle } from '@jupyterlab/translation';
import type { AdjudicationRules, LesionMatching, ProtocolContent, RegionRule, ShapeMethod } from '@voxcord/schemas/api';
import { threeDigits } from '../ui/numbers.js';
import { methodTexts, surfaceTexts, textOf } from './methodTexts.js';

export interface SummaryPart {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** A protocol in one line: "Three readers, blind; lesions matched by overlap; ...". */
export function headline(content: ProtocolContent, trans: TranslationBundle): string {
  const { readers, consensus, adjudication, signatures } = content;
  const hasLesions = content.segments.some(({ kind }) => kind === 'lesion');
  const hasStructures = content.segments.some(({ kind }) => kind === 'structure');
  const people = countedReaders(readers.perCase, trans);
  const parts = [readers.blind ? trans.__('%1, blind', people) : trans.__('%1, who see one another', people)];
  if (hasStructures) parts.push(methodName(consensus.structures, trans));
  if (hasLesions) {
    parts.push(trans.__('lesions matched %1', matchingWords(consensus.lesions.matching, trans)));
    parts.push(
      trans.__(
        '%1 per lesion, %2 must have seen it',
        methodName(consensus.lesions.shape, trans),
        presenceWords(consensus.lesions.presence, trans)
      )
    );
  }
  parts.push(
    {
      none: trans.__('no adjudication'),
      '2+1': trans.__('2+1 adjudication'),
      always: trans.__('every dispute adjudicated')
    }[adjudication.rule]
  );
  parts.push(trans._n('one signature makes a release', '%1 signatures make a release', signatures.release));
  return `${parts.join('; ')}.`;
}

/** A protocol in plain sentences, part by part. */
export function protocolSummary(content: ProtocolContent, trans: TranslationBundle): readonly SummaryPart[] {
  return [
    { title: trans.__('Labelled'), sentences: labelled(content, trans) },
    { title: trans.__('Read'), sentences: read(content, trans) },
    { title: trans.__('Consensus'), sentences: consensus(content, trans) },
    { title: trans.__('Agreement'), sentences: agreement(content, trans) },
    { title: trans.__('Adjudication'), sentences: adjudicated(content.adjudication, trans) },
    { title: trans.__('Accepted'), sentences: accepted(content, trans) },
    {
      title: trans.__('Released'),
      sentences: [
        trans._n(
          'One person must sign a release.',
          '%1 different people must sign a release.',
          content.signatures.release
        )
      ]
    }
  ];
}

function labelled({ segments }: ProtocolContent, trans: TranslationBundle): string[] {
  const named = (kind: 'structure' | 'lesion'): string[] =>
    segments.filter(segment => segment.kind === kind).map(({ number, name }) => `${name} (${number})`);
  const structures = named('structure');
  const lesions = named('lesion');
  if (segments.length === 0) return [trans.__('Nothing yet.')];
  return [
    ...(structures.length === 0 ? [] : [trans.__('One object per case: %1.', structures.join(', '))]),
    ...(lesions.length === 0 ? [] : [trans.__('Any number of separate objects: %1.', lesions.join(', '))])
  ];
}

function read({ readers }: ProtocolContent, trans: TranslationBundle): string[] {
  const people = countedReaders(readers.perCase, trans);
  const sentences = [
    readers.blind
      ? trans.__('%1 read each case, blind: nobody sees the read of anybody else before the consensus.', people)
      : trans.__('%1 read each case. They may look at one another’s reads.', people)
  ];
  if (readers.repeat !== null) {
    sentences.push(
      trans.__(
        '%1 % of the cases are read twice by the same reader, at least %2 days apart.',
        threeDigits(readers.repeat.share * 100),
        readers.repeat.afterDays
      )
    );
  }
  return sentences;
}

function consensus({ consensus: rules, segments }: ProtocolContent, trans: TranslationBundle): string[] {
  const sentences: string[] = [];
  if (segments.some(({ kind }) => kind === 'structure')) {
    sentences.push(trans.__('Structures: %1.', methodSentence(rules.structures, trans)));
  }
  if (segments.some(({ kind }) => kind === 'lesion')) {
    const { matching, presence, shape } = rules.lesions;
    sentences.push(
      trans.__('Lesions of different readers are the same %1.', matchingSentence(matching, trans)),
      trans.__('A lesion counts if %1 of those who read the case have seen it.', presenceWords(presence, trans)),
      trans.__('Its shape: %1.', methodSentence(shape, trans))
    );
  }
  sentences.push(
    rules.modelWeight === 0
      ? trans.__('Models are shown and do not count.')
      : trans.__('A model counts %1 of a person.', threeDigits(rules.modelWeight))
  );
  return sentences;
}

function agreement({ agreement: rules }: ProtocolContent, trans: TranslationBundle): string[] {
  return [
    trans.__(
      'Distances of surfaces: %1; surface Dice within %2 mm; kappa over %3.',
      textOf(surfaceTexts(trans), rules.surface).label,
      threeDigits(rules.tolerance),
      regionWords(rules.kappaRegion, trans)
    )
  ];
}

function adjudicated({ rule, triggers, minimumVolume }: AdjudicationRules, trans: TranslationBundle): string[] {
  if (rule === 'none') return [trans.__('The consensus stands; nobody decides disputes.')];
  const smallest = trans.__('Disputes below %1 ml are left to the consensus.', threeDigits(minimumVolume));
  if (rule === 'always') return [trans.__('Somebody who has not read the case decides every dispute.'), smallest];
  return triggers.length === 0
    ? [trans.__('No condition says yet when somebody has to decide.')]
    : [
        trans.__(
          'If %1, somebody who has not read the case decides what is disputed.',
          triggers.join(` ${trans.__('or')} `)
        ),
        smallest
      ];
}

function accepted({ acceptance }: ProtocolContent, trans: TranslationBundle): string[] {
  return acceptance.length === 0
    ? [trans.__('Every case is accepted: there is no criterion.')]
    : [
        trans.__(
          'A case is accepted if %1.',
          acceptance.map(({ expression }) => expression).join(` ${trans.__('and')} `)
        )
      ];
}

export function countedReaders(count: number, trans: TranslationBundle): string {
  const words = [trans.__('One reader'), trans.__('Two readers'), trans.__('Three readers'), trans.__('Four readers')];
  return words[count - 1] ?? trans._n('%1 reader', '%1 readers', count);
}

function presenceWords(presence: number | null, trans: TranslationBundle): string {
  return presence === null
    ? trans.__('more than half')
    : trans._n('at least %1 reader', 'at least %1 readers', presence);
}

function matchingWords({ minimumIou, centroidInMask }: LesionMatching, trans: TranslationBundle): string {
  return minimumIou < 1 || !centroidInMask ? trans.__('by overlap') : trans.__('by their centres');
}

function matchingSentence(matching: LesionMatching, trans: TranslationBundle): string {
  const ways = [trans.__('if they overlap by an IoU of %1 or more', threeDigits(matching.minimumIou))];
  if (matching.centroidInMask) ways.push(trans.__('if the centre of one lies in the other'));
  ways.push(
    matching.maximumDistance === 0
      ? trans.__('if they touch')
      : trans.__('if they are %1 mm apart at most', threeDigits(matching.maximumDistance))
  );
  return ways.join(`, ${trans.__('or')} `);
}

function methodName(method: ShapeMethod, trans: TranslationBundle): string {
  return textOf(methodTexts(trans), method.id).label;
}

function methodSentence(method: ShapeMethod, trans: TranslationBundle): string {
  const name = methodName(method, trans);
  switch (method.id) {
    case 'vote.kofn':
      return method.threshold === null
        ? trans.__('%1, more than half, ties %2', name, tieWords(method.ties, trans))
        : trans.__('%1, at least %2, ties %3', name, method.threshold, tieWords(method.ties, trans));
    case 'sba':
      return trans.__('%1, ties %2', name, tieWords(method.ties, trans));
    case 'staple.binary.itk':
    case 'staple.multilabel.f64':
    case 'staple.map':
      return trans.__('%1 over %2', name, regionWords(method.region, trans));
  }
}

function tieWords(ties: 'background' | 'foreground' | 'undecided', trans: TranslationBundle): string {
  return {
    background: trans.__('to the background'),
    foreground: trans.__('to the segment'),
    undecided: trans.__('left to adjudication')
  }[ties];
}

function regionWords(region: RegionRule, trans: TranslationBundle): string {
  switch (region.rule) {
    case 'whole':
      return trans.__('the whole image');
    case 'union':
      return trans.__('what any reader painted');
    case 'margin':
      return trans.__('what readers painted and %1 mm around it', threeDigits(region.millimetres));
  }
}
