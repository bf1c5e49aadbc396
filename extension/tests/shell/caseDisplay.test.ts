import type { Segment } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import { CaseDisplay } from '../../src/case/caseDisplay.js';

function segment(number: number): Segment {
  return { number, name: `Segment ${number}`, colour: '#ff0000', codes: [], retired: false };
}

describe('how labels are displayed', () => {
  it('multiplies the opacity of the layer and of the segment', () => {
    const display = new CaseDisplay(0.4);
    display.set(2, { opacity: 0.5 });
    expect(display.appearances([segment(1), segment(2)]).map(({ opacity }) => opacity)).toEqual([0.4, 0.2]);
  });

  it('hides all segments with their layer and keeps what was hidden before', () => {
    const display = new CaseDisplay(0.4);
    display.set(1, { visible: false });
    display.labelsVisible = false;
    expect(display.appearances([segment(1), segment(2)]).map(({ visible }) => visible)).toEqual([false, false]);
    display.labelsVisible = true;
    expect(display.appearances([segment(1), segment(2)]).map(({ visible }) => visible)).toEqual([false, true]);
  });

  it('follows a segment to its new number', () => {
    const display = new CaseDisplay(0.4);
    display.set(1, { visible: false, opacity: 0.3 });
    display.renumber(1, 9);
    expect([display.isVisible(1), display.isVisible(9), display.opacity(9)]).toEqual([true, false, 0.3]);
  });

  it('comes back from its state', () => {
    const display = new CaseDisplay(0.4);
    display.set(3, { visible: false });
    display.labelsOpacity = 0.7;
    const restored = new CaseDisplay(0.1);
    restored.setState(JSON.parse(JSON.stringify(display.getState())) as ReturnType<CaseDisplay['getState']>);
    expect(restored.getState()).toEqual(display.getState());
  });
});
