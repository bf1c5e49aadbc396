import type { ProtocolContent, ShapeMethod } from '../api/index.js';
import { checkCondition, CriterionError, type Vocabulary } from '../criteria/index.js';

/** Something about a protocol that its author should know. With an `error` it cannot be locked. */
export interface ProtocolIssue {
  /** JSON pointer (RFC 6901) to what it is about. */
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

const FIRST_LETTER = 65;
/** Fewer days than this, and readers remember what they have painted. */
const WASH_OUT_DAYS = 14;

const STATEMENTS = [
  ['purpose', 'Say what the ground truth is for.'],
  ['origin', 'Say where the images come from, and for what they were made.'],
  ['deidentification', 'Say how the images were de-identified.'],
  ['limitations', 'Say what the data does not cover.'],
  ['licence', 'Name the licence, such as CC-BY-4.0.']
] as const;

/** Checks what the form of a protocol alone cannot: errors first, each with what to do about it. */
export function checkProtocol(content: ProtocolContent): ProtocolIssue[] {
  const issues = [
    ...checkSegments(content),
    ...checkReaders(content),
    ...checkMethods(content),
    ...checkExpressions(content),
    ...checkStatements(content)
  ];
  return [
    ...issues.filter(({ severity }) => severity === 'error'),
    ...issues.filter(({ severity }) => severity !== 'error')
  ];
}

function* checkSegments({ segments }: ProtocolContent): Generator<ProtocolIssue> {
  if (segments.length === 0) yield error('/segments', 'Add the segments that are to be painted.');
  const numbers = new Set<number>();
  const names = new Set<string>();
  for (const [index, { number, name, codes, instructions }] of segments.entries()) {
    const path = `/segments/${index}`;
    if (numbers.has(number))
      yield error(`${path}/number`, `Two segments have the number ${number}: give each its own.`);
    numbers.add(number);
    const plain = name.trim().toLocaleLowerCase('en');
    if (plain === '') yield error(`${path}/name`, 'Give the segment a name.');
    else if (names.has(plain)) yield error(`${path}/name`, `Two segments are called ${name}: give each its own name.`);
    names.add(plain);
    if (codes.length === 0) yield warning(`${path}/codes`, `${name} has no code: others cannot tell what it is.`);
    if (instructions.trim() === '') {
      yield warning(`${path}/instructions`, `Say what belongs to ${name} and what does not.`);
    }
  }
}

function* checkReaders({ readers, adjudication }: ProtocolContent): Generator<ProtocolIssue> {
  const { perCase, blind, qualification, repeat } = readers;
  if (perCase === 1) yield warning('/readers/perCase', 'One reader has nobody to agree with: the read is the truth.');
  if (!blind && perCase > 1) {
    yield warning('/readers/blind', 'Readers who see one another are not independent of one another.');
  }
  if (qualification.trim() === '') yield warning('/readers/qualification', 'Say who may read.');
  if (repeat !== null && repeat.afterDays < WASH_OUT_DAYS) {
    yield warning('/readers/repeat/afterDays', `Within ${WASH_OUT_DAYS} days readers remember what they have painted.`);
  }
  if (adjudication.rule === '2+1' && perCase < 2) {
    yield error('/adjudication/rule', '2+1 needs two readers or more, about whom a third one decides.');
  }
  if (adjudication.rule === '2+1' && adjudication.triggers.length === 0) {
    yield error('/adjudication/triggers', 'Say when somebody has to decide, such as dice < 0.8.');
  }
  if (adjudication.rule === 'none' && adjudication.triggers.length > 0) {
    yield warning('/adjudication/triggers', 'Nobody decides under this rule: the triggers have no effect.');
  }
}

function* checkMethods({ consensus, readers }: ProtocolContent): Generator<ProtocolIssue> {
  const { structures, lesions } = consensus;
  yield* checkMethod('/consensus/structures', structures, readers.perCase);
  yield* checkMethod('/consensus/lesions/shape', lesions.shape, readers.perCase);
  if (lesions.shape.id === 'staple.multilabel.f64') {
    yield error(
      '/consensus/lesions/shape/id',
      'The shape of one lesion has two labels: choose a method for one segment.'
    );
  }
  if (lesions.presence !== null && lesions.presence > readers.perCase) {
    yield error('/consensus/lesions/presence', `There are ${readers.perCase} readers: fewer can have seen a lesion.`);
  }
}

function* checkMethod(path: string, method: ShapeMethod, perCase: number): Generator<ProtocolIssue> {
  if (method.id === 'vote.kofn' && method.threshold !== null && method.threshold > perCase) {
    yield error(`${path}/threshold`, `There are ${perCase} readers: ${method.threshold} votes cannot be reached.`);
  }
  if ('region' in method && method.region.rule === 'whole') {
    yield warning(`${path}/region`, 'Over the whole image the background decides: specificity is always close to 1.');
  }
  if (method.id === 'staple.binary.itk' && perCase === 2) {
    yield warning(path, 'STAPLE cannot tell two readers apart: shape-based averaging or MAP priors can.');
  }
}

function* checkExpressions({ segments, readers, adjudication, acceptance }: ProtocolContent): Generator<ProtocolIssue> {
  const letters = Array.from({ length: Math.min(readers.perCase, 26) }, (_, index) =>
    String.fromCharCode(FIRST_LETTER + index)
  );
  const vocabulary: Vocabulary = { segments, readers: letters };
  for (const [index, trigger] of adjudication.triggers.entries()) {
    yield* checkExpression(`/adjudication/triggers/${index}`, trigger, vocabulary);
  }
  const ids = new Set<string>();
  for (const [index, { id, expression }] of acceptance.entries()) {
    if (ids.has(id)) yield error(`/acceptance/${index}/id`, `Two criteria are called ${id}: give each its own name.`);
    ids.add(id);
    yield* checkExpression(`/acceptance/${index}/expression`, expression, vocabulary);
  }
}

function* checkExpression(path: string, text: string, vocabulary: Vocabulary): Generator<ProtocolIssue> {
  try {
    checkCondition(text, vocabulary);
  } catch (cause) {
    if (!(cause instanceof CriterionError)) throw cause;
    yield error(path, cause.message);
  }
}

function* checkStatements({ dataset }: ProtocolContent): Generator<ProtocolIssue> {
  for (const [name, text] of STATEMENTS) {
    if (dataset[name].trim() === '') yield warning(`/dataset/${name}`, `${text} No release can be made without it.`);
  }
}

function error(path: string, text: string): ProtocolIssue {
  return { path, severity: 'error', text };
}

function warning(path: string, text: string): ProtocolIssue {
  return { path, severity: 'warning', text };
}
