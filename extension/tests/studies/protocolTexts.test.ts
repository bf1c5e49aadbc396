import { nullTranslator } from '@jupyterlab/translation';
import type { ProtocolContent, Segment } from '@voxcord/schemas/api';
import { changesBetween, defaultProtocol } from '@voxcord/schemas/protocol';
import { describe, expect, it } from 'vitest';
import { changeTexts } from '../../src/protocol/changeTexts.js';
import { KNOWN_STRUCTURES, knownByName } from '../../src/protocol/knownStructures.js';
import { headline, protocolSummary } from '../../src/protocol/protocolSummary.js';

const trans = nullTranslator.load('voxcord');

function segment(number: number, name: string): Segment {
  return { number, name, colour: '#e69f00', codes: [], retired: false };
}

const PROTOCOL = defaultProtocol('Liver', [segment(1, 'Liver'), segment(2, 'Nodule')]);

function sentencesOf(content: ProtocolContent): string {
  return protocolSummary(content, trans)
    .flatMap(({ sentences }) => sentences)
    .join(' ');
}

describe('a protocol in plain language', () => {
  it('is one line that names readers, blinding, matching, method, presence and adjudication', () => {
    expect(headline(PROTOCOL, trans)).toBe(
      'Three readers, blind; STAPLE, all segments at once; lesions matched by overlap; STAPLE per lesion, more than half must have seen it; 2+1 adjudication; one signature makes a release.'
    );
  });

  it('says nothing of lesions where there are none', () => {
    const content = defaultProtocol('Liver', [segment(1, 'Liver')]);
    expect(headline(content, trans)).not.toContain('lesion');
    expect(sentencesOf(content)).not.toMatch(/[Ll]esions of/);
  });

  it('changes with each setting that changes what a result means', () => {
    const { readers, consensus, agreement, adjudication, signatures } = PROTOCOL;
    const others: ProtocolContent[] = [
      { ...PROTOCOL, readers: { ...readers, perCase: 2 } },
      { ...PROTOCOL, readers: { ...readers, blind: false } },
      { ...PROTOCOL, readers: { ...readers, repeat: { share: 0.1, afterDays: 30 } } },
      { ...PROTOCOL, consensus: { ...consensus, structures: { id: 'vote.kofn', threshold: 2, ties: 'background' } } },
      { ...PROTOCOL, consensus: { ...consensus, structures: { id: 'vote.kofn', threshold: null, ties: 'undecided' } } },
      { ...PROTOCOL, consensus: { ...consensus, structures: { id: 'sba', ties: 'foreground' } } },
      { ...PROTOCOL, consensus: { ...consensus, structures: { id: 'staple.map', region: { rule: 'whole' } } } },
      { ...PROTOCOL, consensus: { ...consensus, lesions: { ...consensus.lesions, presence: 2 } } },
      { ...PROTOCOL, consensus: { ...consensus, modelWeight: 0.5 } },
      { ...PROTOCOL, agreement: { ...agreement, tolerance: 3 } },
      { ...PROTOCOL, agreement: { ...agreement, surface: 'mesh' } },
      { ...PROTOCOL, adjudication: { ...adjudication, rule: 'always' } },
      { ...PROTOCOL, adjudication: { ...adjudication, triggers: ['dice < 0.9'] } },
      { ...PROTOCOL, adjudication: { ...adjudication, minimumVolume: 1 } },
      { ...PROTOCOL, acceptance: [] },
      { ...PROTOCOL, signatures: { release: signatures.release + 1 } }
    ];
    const texts = [PROTOCOL, ...others].map(sentencesOf);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).not.toMatch(/%\d|undefined|NaN/);
  });
});

describe('changes between versions', () => {
  it('name segments and criteria by what they are called, and say what was empty', () => {
    const [liver, nodule] = PROTOCOL.segments;
    if (liver === undefined || nodule === undefined) throw new Error('The protocol has two segments.');
    const content: ProtocolContent = {
      ...PROTOCOL,
      segments: [liver, { ...nodule, instructions: 'With its rim' }],
      adjudication: { ...PROTOCOL.adjudication, minimumVolume: 1 }
    };
    const texts = changeTexts({ ...stored(content), changes: changesBetween(PROTOCOL, content) }, trans);
    expect(texts.map(({ where, before, after }) => [where, before, after])).toEqual([
      ['Segments › Nodule › instructions', '(empty)', 'With its rim'],
      ['Adjudication › minimum volume', '0.05', '1']
    ]);
  });
});

function stored(content: ProtocolContent): Parameters<typeof changeTexts>[0] {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    projectId: '00000000-0000-4000-8000-000000000002',
    version: 2,
    state: 'draft',
    edition: 1,
    content,
    contentHash: '0'.repeat(64),
    changes: [],
    createdBy: { username: 'ada', displayName: 'Ada', initials: 'A', colour: '#000000' },
    createdAt: '2026-01-01T00:00:00.000Z',
    lock: null
  };
}

describe('structures that are proposed', () => {
  it('have identifiers of SNOMED CT with a right check digit, each once', () => {
    for (const { code } of KNOWN_STRUCTURES) {
      expect(code.scheme).toBe('SCT');
      expect(hasRightCheckDigit(code.value), `${code.meaning} ${code.value}`).toBe(true);
    }
    expect(new Set(KNOWN_STRUCTURES.map(({ code }) => code.value)).size).toBe(KNOWN_STRUCTURES.length);
    expect(new Set(KNOWN_STRUCTURES.map(({ name }) => name.toLowerCase())).size).toBe(KNOWN_STRUCTURES.length);
  });

  it('are found by name however it is written', () => {
    expect(knownByName(' liver ')?.code.value).toBe('10200004');
    expect(knownByName('HCC Nodule')?.kind).toBe('lesion');
    expect(knownByName('Something else')).toBeNull();
  });
});

/** The dihedral check of Verhoeff, which SNOMED CT identifiers end with. */
function hasRightCheckDigit(identifier: string): boolean {
  const times = (a: number, b: number): number =>
    a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let check = 0;
  Array.from(identifier, Number)
    .reverse()
    .forEach((last, place) => {
      let digit = last;
      for (let n = 0; n < place % 8; n++) digit = step[digit] ?? 0;
      check = times(check, digit);
    });
  return check === 0;
}
