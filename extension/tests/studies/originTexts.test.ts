import { nullTranslator } from '@jupyterlab/translation';
import type { Person, ReadOrigin } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import { modelLines, otherOrigins } from '../../src/reading/originTexts.js';
import { instantText } from '../../src/ui/dates.js';

const trans = nullTranslator.load('voxcord');
const ADA: Person = { username: 'ada', displayName: 'Ada Okafor', initials: 'AO', colour: '#0072b2' };
const BEN: Person = { username: 'ben', displayName: 'Ben Ito', initials: 'BI', colour: '#d55e00' };
const LIVER = { name: 'liver-phantom', version: '1.0.0', sha256: 'a'.repeat(64) };
const CLICKS = { name: 'click-tiny', version: '1.0.0', sha256: 'b'.repeat(64) };
const READ = { id: '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11', revision: null };
const SEGMENTS = [
  { number: 1, name: 'Liver' },
  { number: 2, name: 'Nodule' }
];
const READS = [{ reader: { ...ADA, username: 'model:liver-phantom@1.0.0', displayName: 'Liver phantom 1.0.0' } }];

function copied(at: string, to: readonly number[], by = ADA): ReadOrigin {
  return { kind: 'copied', model: LIVER, segments: to.map(each => ({ from: each, to: each })), read: READ, at, by };
}
function proposed(at: string): ReadOrigin {
  return { kind: 'proposed', model: CLICKS, at, by: BEN };
}
const on = (hour: number): string => `2026-11-24T0${hour}:13:00.000Z`;

describe('what a read owes to models', () => {
  it('is one line for each model, with the names of the read and who has seen it when', () => {
    const lines = modelLines([proposed(on(1)), copied(on(2), [1, 2])], SEGMENTS, READS, trans);
    expect(lines).toEqual([
      {
        sha256: CLICKS.sha256,
        model: 'click-tiny 1.0.0',
        uses: [{ kind: 'proposed', text: `proposals, first seen by Ben Ito, ${instantText(on(1))}` }]
      },
      {
        sha256: LIVER.sha256,
        model: 'Liver phantom 1.0.0',
        uses: [{ kind: 'copied', text: `Liver, Nodule copied by Ada Okafor, ${instantText(on(2))}` }]
      }
    ]);
  });

  it('tells once what somebody has copied several times, and apart what others or of other segments', () => {
    const origins = [copied(on(1), [1]), copied(on(2), [2]), copied(on(3), [1]), copied(on(4), [1], BEN)];
    const [line] = modelLines(origins, SEGMENTS, READS, trans);
    expect(line?.uses.map(({ text }) => text)).toEqual([
      `Nodule copied by Ada Okafor, ${instantText(on(2))}`,
      `Liver copied by Ada Okafor, ${instantText(on(3))}`,
      `Liver copied by Ben Ito, ${instantText(on(4))}`
    ]);
  });

  it('is told of segments that are not known and of models whose reads are hidden', () => {
    const [line] = modelLines([copied(on(1), [7])], SEGMENTS, [], trans);
    expect(line?.model).toBe('liver-phantom 1.0.0');
    expect(line?.uses[0]?.text).toMatch(/^segment 7 copied by /);
  });

  it('holds the names of everything else, each once', () => {
    const other: ReadOrigin = { kind: 'other', name: 'labels.nii.gz' };
    expect(modelLines([other], SEGMENTS, READS, trans)).toEqual([]);
    expect(otherOrigins([other, proposed(on(1)), other])).toEqual(['labels.nii.gz']);
  });
});
