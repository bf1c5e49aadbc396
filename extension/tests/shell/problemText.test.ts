import { nullTranslator } from '@jupyterlab/translation';
import { CloseCode } from '@voxcord/schemas/rooms';
import { describe, expect, it } from 'vitest';
import { refusalText } from '../../src/case/problemText.js';
import { savedText } from '../../src/case/saveTexts.js';

const trans = nullTranslator.load('voxcord');
const LOST: readonly number[] = [CloseCode.otherEpoch, CloseCode.gone];

describe('what a refused room says', () => {
  it.each(Object.entries(CloseCode).filter(([, code]) => code < 4500))(
    '%s: what is safe, and what to do',
    (_, code) => {
      for (const unsaved of [0, 1, 3]) {
        const text = refusalText(code, unsaved, trans);
        expect(text).not.toContain('%1');
        expect(text).toMatch(/\b(reload|Reload|reconnect|Save a copy|Ask)\b/);
        // Saved is only said where the server still has it.
        const saysSaved = /Everything you painted is saved/.test(text);
        expect(saysSaved).toBe(unsaved === 0 && !LOST.includes(code));
      }
    }
  );

  it('never looks saved in the status bar', () => {
    for (const count of [0, 2]) {
      expect(savedText({ kind: 'refused', count, code: CloseCode.otherEpoch }, trans)).not.toMatch(/Saved|Nothing/);
    }
  });
});
