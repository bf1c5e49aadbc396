import type { Tampering } from './tampering.js';

const FIRST = 'cases/1a2b3c4d-0000-4000-8000-000000000001';
const TRUTH = `${FIRST}/truth.nii.gz`;

/** What anybody with a text editor or a bad disk can do to a release folder. */
export const SIMPLE_EDITS: readonly Tampering[] = [
  ...[
    TRUTH,
    `${FIRST}/soft-2.nii.gz`,
    `${FIRST}/reads/ben-r1.nii.gz`,
    'report.html',
    'datasheet.md',
    'croissant.json',
    'ro-crate-metadata.json',
    'release.json',
    'signatures.html'
  ].map((path): Tampering => ({
    name: `one bit of ${path}`,
    edits: [{ op: 'flip', path, at: 40, bit: 3 }],
    record: path
  })),
  { name: 'one bit of a key', edits: [{ op: 'flip', path: 'keys.json', at: 300, bit: 0 }], record: 'keys.json' },
  {
    name: 'one bit of the seal',
    edits: [{ op: 'flip', path: 'signatures.json', at: 40, bit: 1 }],
    record: 'signatures.json#seal'
  },
  {
    name: 'an unused bit of a base64 text',
    edits: [{ op: 'flip', path: 'signatures.json', at: -9, bit: 0 }],
    record: 'signatures.json#2'
  },
  {
    name: 'one bit of an audit entry',
    edits: [{ op: 'flip', path: 'audit.jsonl', at: 600, bit: 2 }],
    record: 'audit.jsonl#2'
  },
  { name: 'the time in a gzip header', edits: [{ op: 'flip', path: TRUTH, at: 4, bit: 0 }], record: TRUTH },
  { name: 'the operating system in a gzip header', edits: [{ op: 'flip', path: TRUTH, at: 9, bit: 1 }], record: TRUTH },
  { name: 'bytes behind a gzip stream', edits: [{ op: 'append', path: TRUTH, text: 'x' }], record: TRUTH },
  {
    name: 'a space behind release.json',
    edits: [{ op: 'append', path: 'release.json', text: ' ' }],
    record: 'release.json'
  },
  {
    name: 'a space behind signatures.json',
    edits: [{ op: 'append', path: 'signatures.json', text: ' ' }],
    record: 'signatures.json'
  },
  { name: 'a space behind keys.json', edits: [{ op: 'append', path: 'keys.json', text: ' ' }], record: 'keys.json' },
  {
    name: 'a space behind the audit log',
    edits: [{ op: 'append', path: 'audit.jsonl', text: ' ' }],
    record: 'audit.jsonl#13'
  },
  {
    name: 'an empty line in the audit log',
    edits: [{ op: 'append', path: 'audit.jsonl', text: '\n' }],
    record: 'audit.jsonl#13'
  },
  {
    name: 'the last line end of the audit log',
    edits: [{ op: 'flip', path: 'audit.jsonl', at: -1, bit: 0 }],
    record: 'audit.jsonl#12'
  },
  ...[TRUTH, 'audit.jsonl', 'keys.json', 'release.json', 'report.html', 'signatures.html', 'signatures.json'].map(
    (path): Tampering => ({ name: `${path} removed`, edits: [{ op: 'remove', path }], record: path })
  ),
  { name: 'a file added', edits: [{ op: 'add', path: 'cases/notes.txt', text: 'hello' }], record: 'cases/notes.txt' },
  { name: 'a hidden file added', edits: [{ op: 'add', path: '.DS_Store', text: '' }], record: '.DS_Store' },
  {
    name: 'a file with a name in no alphabet of ours',
    edits: [{ op: 'add', path: 'notes-ü.txt', text: '' }],
    record: 'notes-ü.txt'
  },
  {
    name: 'a file renamed in case only',
    edits: [{ op: 'rename', path: TRUTH, to: `${FIRST}/Truth.nii.gz` }],
    record: `${FIRST}/Truth.nii.gz`
  },
  {
    name: 'a second file with the same letters',
    edits: [{ op: 'add', path: 'REPORT.html', text: '' }],
    record: 'REPORT.html'
  },
  { name: 'a link instead of a file', edits: [{ op: 'link', path: TRUTH }], record: TRUTH },
  { name: 'a link instead of release.json', edits: [{ op: 'link', path: 'release.json' }], record: 'release.json' },
  {
    name: 'an audit entry removed',
    edits: [{ op: 'remove-line', path: 'audit.jsonl', line: 4 }],
    record: 'audit.jsonl#4'
  },
  {
    name: 'the first audit entry removed',
    edits: [{ op: 'remove-line', path: 'audit.jsonl', line: 1 }],
    record: 'audit.jsonl#1'
  },
  {
    name: 'the last audit entry removed',
    edits: [{ op: 'remove-line', path: 'audit.jsonl', line: 12 }],
    record: 'audit.jsonl#12'
  },
  {
    name: 'two audit entries exchanged',
    edits: [{ op: 'swap-lines', path: 'audit.jsonl', line: 6 }],
    record: 'audit.jsonl#6'
  },
  {
    name: 'an audit entry repeated',
    edits: [{ op: 'repeat-line', path: 'audit.jsonl', line: 6 }],
    record: 'audit.jsonl#7'
  },
  {
    name: 'the last audit entry repeated',
    edits: [{ op: 'repeat-line', path: 'audit.jsonl', line: 12 }],
    record: 'audit.jsonl#13'
  },
  {
    name: 'the name in an audit entry',
    edits: [{ op: 'replace', path: 'audit.jsonl', find: 'Dr. Ana Ruiz', by: 'Dr. Bea Ruiz' }],
    record: 'audit.jsonl#1'
  },
  {
    name: 'a member twice in an audit entry',
    edits: [{ op: 'replace', path: 'audit.jsonl', find: '{"action":', by: '{"action":"read.reopened","action":' }],
    record: 'audit.jsonl#1'
  },
  {
    name: 'a member twice in keys.json',
    edits: [{ op: 'replace', path: 'keys.json', find: '{"keys":[', by: '{"keys":[],"keys":[' }],
    record: 'keys.json'
  },
  {
    name: 'a member twice in signatures.json',
    edits: [{ op: 'replace', path: 'signatures.json', find: '{"seal":', by: '{"seal":null,"seal":' }],
    record: 'signatures.json'
  },
  {
    name: 'the protocol edited in release.json',
    edits: [{ op: 'replace', path: 'release.json', find: '"blind":true', by: '"blind":false' }],
    record: 'release.json'
  },
  {
    name: 'the meaning of a signature in the page for people',
    edits: [{ op: 'replace', path: 'signatures.html', find: 'approval', by: 'review' }],
    record: 'signatures.html'
  },
  { name: 'keys.json is no JSON', edits: [{ op: 'add', path: 'keys.json', text: '{' }], record: 'keys.json' },
  { name: 'keys.json is a number', edits: [{ op: 'add', path: 'keys.json', text: '1' }], record: 'keys.json' },
  { name: 'keys.json is a list', edits: [{ op: 'add', path: 'keys.json', text: '[]' }], record: 'keys.json' },
  {
    name: 'keys.json holds no key',
    edits: [{ op: 'add', path: 'keys.json', text: '{"keys":[]}' }],
    record: 'keys.json'
  },
  {
    name: 'signatures.json is null',
    edits: [{ op: 'add', path: 'signatures.json', text: 'null' }],
    record: 'signatures.json'
  },
  {
    name: 'signatures.json is deep',
    edits: [{ op: 'add', path: 'signatures.json', text: `${'['.repeat(20_000)}${']'.repeat(20_000)}` }],
    record: 'signatures.json'
  },
  {
    name: 'a number that no double can hold',
    edits: [{ op: 'replace', path: 'audit.jsonl', find: '"number":1', by: '"number":1e999' }],
    record: 'audit.jsonl#1'
  },
  {
    name: 'half of a surrogate pair',
    edits: [{ op: 'replace', path: 'audit.jsonl', find: 'Dr. Ana', by: 'Dr. \\ud800' }],
    record: 'audit.jsonl#1'
  }
];
