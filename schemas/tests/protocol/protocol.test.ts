import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { ProtocolContent, type Segment } from '../../src/api/index.js';
import { changesBetween, checkProtocol, defaultProtocol } from '../../src/protocol/index.js';

const SEGMENTS: readonly Segment[] = [
  {
    number: 1,
    name: 'Liver',
    colour: '#8c564b',
    codes: [{ scheme: 'SCT', value: '10200004', meaning: 'Liver' }],
    retired: false
  },
  { number: 2, name: 'Tumour', colour: '#d62728', codes: [], retired: false },
  { number: 3, name: 'Given up', colour: '#111111', codes: [], retired: true }
];

function changed(change: (content: ProtocolContent) => void): ProtocolContent {
  const content = structuredClone(defaultProtocol('Livers', SEGMENTS));
  change(content);
  return content;
}

function errors(content: ProtocolContent): string[] {
  return checkProtocol(content).flatMap(({ path, severity }) => (severity === 'error' ? [path] : []));
}

function warnings(content: ProtocolContent): string[] {
  return checkProtocol(content).flatMap(({ path, severity }) => (severity === 'warning' ? [path] : []));
}

describe('a first protocol', () => {
  test('has the form of one and can be locked as it is', () => {
    const content = defaultProtocol('Livers', SEGMENTS);
    expect([...Value.Errors(ProtocolContent, content)]).toEqual([]);
    expect(errors(content)).toEqual([]);
  });

  test('takes over the segments that are in use, and knows lesions by their names', () => {
    expect(defaultProtocol('Livers', SEGMENTS).segments.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'structure'],
      [2, 'lesion']
    ]);
  });

  test('asks for what only people know', () => {
    const dataset = ['purpose', 'origin', 'deidentification', 'limitations', 'licence'];
    expect(warnings(defaultProtocol('Livers', SEGMENTS))).toEqual(
      expect.arrayContaining([
        '/segments/1/codes',
        '/readers/qualification',
        ...dataset.map(name => `/dataset/${name}`)
      ])
    );
  });
});

describe('a protocol is not locked', () => {
  test.each<[string, (content: ProtocolContent) => void, string]>([
    ['without segments', content => void (content.segments = []), '/segments'],
    ['with one number twice', content => renumber(content, 1), '/segments/1/number'],
    ['with one name twice', content => rename(content, ' LIVER '), '/segments/1/name'],
    ['with a segment without a name', content => rename(content, '  '), '/segments/1/name'],
    ['with 2+1 and one reader', content => void (content.readers.perCase = 1), '/adjudication/rule'],
    ['with 2+1 that nothing triggers', content => void (content.adjudication.triggers = []), '/adjudication/triggers'],
    [
      'with a trigger that is no condition',
      content => void (content.adjudication.triggers = ['dice']),
      '/adjudication/triggers/0'
    ],
    [
      'with a criterion that nobody can read',
      content => void (content.acceptance = [{ id: 'a', expression: 'dice >', description: '' }]),
      '/acceptance/0/expression'
    ],
    [
      'with a criterion on a segment that is not there',
      content => void (content.acceptance = [{ id: 'a', expression: 'volume(spleen) > 1 ml', description: '' }]),
      '/acceptance/0/expression'
    ],
    [
      'with a criterion on a reader whom there is not',
      content => void (content.acceptance = [{ id: 'a', expression: 'dice("A", "Q") > 0.5', description: '' }]),
      '/acceptance/0/expression'
    ],
    [
      'with two criteria of one name',
      content => void (content.acceptance = [...content.acceptance, ...content.acceptance]),
      '/acceptance/1/id'
    ],
    [
      'with more votes than readers',
      content => void (content.consensus.structures = { id: 'vote.kofn', threshold: 4, ties: 'undecided' }),
      '/consensus/structures/threshold'
    ],
    [
      'with more who must have seen a lesion than readers',
      content => void (content.consensus.lesions.presence = 4),
      '/consensus/lesions/presence'
    ],
    [
      'with a method for many labels for the shape of one lesion',
      content => void (content.consensus.lesions.shape = { id: 'staple.multilabel.f64', region: { rule: 'union' } }),
      '/consensus/lesions/shape/id'
    ]
  ])('%s', (_, change, path) => {
    expect(errors(changed(change))).toContain(path);
  });

  test('and every issue says what to do', () => {
    const issues = checkProtocol(changed(content => void (content.segments = [])));
    for (const { text } of issues) expect(text).toMatch(/^[A-Z0-9"].*\.$/u);
  });
});

describe('a protocol is locked with a warning', () => {
  test.each<[string, (content: ProtocolContent) => void, string]>([
    ['with one reader', content => void Object.assign(content.readers, { perCase: 1 }), '/readers/perCase'],
    ['with readers who see one another', content => void (content.readers.blind = false), '/readers/blind'],
    [
      'with a repeat that comes too soon',
      content => void (content.readers.repeat = { share: 0.1, afterDays: 3 }),
      '/readers/repeat/afterDays'
    ],
    [
      'with STAPLE over the whole image',
      content => void (content.consensus.structures = { id: 'staple.multilabel.f64', region: { rule: 'whole' } }),
      '/consensus/structures/region'
    ],
    [
      'with triggers that nobody acts on',
      content => void (content.adjudication.rule = 'none'),
      '/adjudication/triggers'
    ]
  ])('%s', (_, change, path) => {
    expect(warnings(changed(change))).toContain(path);
  });
});

describe('what changed', () => {
  const first = defaultProtocol('Livers', SEGMENTS);

  test('is nothing between equal protocols, whatever the order of their members', () => {
    const reversed = Object.fromEntries(Object.entries(first).reverse()) as ProtocolContent;
    expect(changesBetween(first, reversed)).toEqual([]);
  });

  test('is told value by value, with both values', () => {
    const second = changed(content => {
      content.readers.perCase = 5;
      content.readers.repeat = { share: 0.2, afterDays: 14 };
    });
    expect(changesBetween(first, second)).toEqual([
      { path: '/readers/perCase', before: '3', after: '5' },
      { path: '/readers/repeat', before: 'null', after: null },
      { path: '/readers/repeat/share', before: null, after: '0.2' },
      { path: '/readers/repeat/afterDays', before: null, after: '14' }
    ]);
  });

  test('compares segments by their numbers and criteria by their names, wherever they stand', () => {
    const second = changed(content => {
      content.segments.reverse();
      rename(content, 'Whole liver');
      content.acceptance.unshift({ id: 'size', expression: 'volume > 1 ml', description: '' });
    });
    const changes = changesBetween(first, second);
    expect(changes.filter(({ path }) => path.startsWith('/segments'))).toEqual([
      { path: '/segments/1/name', before: 'Liver', after: 'Whole liver' }
    ]);
    expect(changes.filter(({ path, before }) => path.startsWith('/acceptance') && before !== null)).toEqual([]);
  });

  test('points to where a value was if it is gone', () => {
    const second = changed(content => void content.segments.splice(0, 1));
    const gone = changesBetween(first, second);
    expect(gone.map(({ path }) => path)).toContain('/segments/0/name');
    expect(gone.every(({ after }) => after === null)).toBe(true);
  });
});

test('the fixture of every choice can be locked', () => {
  const file = new URL('../../fixtures/ProtocolContent/every-choice.json', import.meta.url);
  const content = Value.Parse(ProtocolContent, JSON.parse(readFileSync(file, 'utf8')));
  expect(errors(content)).toEqual([]);
});

function renumber({ segments: [, second] }: ProtocolContent, number: number): void {
  if (second !== undefined) second.number = number;
}

function rename({ segments: [, second] }: ProtocolContent, name: string): void {
  if (second !== undefined) second.name = name;
}
