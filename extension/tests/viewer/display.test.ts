import type { Affine } from '@voxcord/schemas/geometry';
import type { Segment } from '@voxcord/schemas/api';
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { pressedRadius, steppedRadius } from '../../src/viewer/brushSizes.js';
import { edgeLetters } from '../../src/viewer/orientationLetters.js';
import { scaleBar } from '../../src/viewer/scaleBar.js';
import { parseColour, segmentTable } from '../../src/viewer/segmentTable.js';
import { turnedBy, viewAxes } from '../../src/viewer/turn.js';
import { formatMm, formatValue, formatWindow } from '../../src/viewer/valueFormat.js';
import { automaticWindow, draggedWindow, windowLimits, windowPresetsFor } from '../../src/viewer/windowPresets.js';

const straight: Affine = [0.8, 0, 0, -30, 0, 1.1, 0, 20, 0, 0, 3, -40];

/** Columns of a rotation by `degrees` about z, scaled. */
function turned(degrees: number): Affine {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [c, -s, 0, 5, s, c, 0, 6, 0, 0, 2, 7];
}

describe('orientation letters', () => {
  it('show the right on the left in radiological convention', () => {
    expect(edgeLetters(straight, 'axial', true)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(edgeLetters(straight, 'coronal', true)).toEqual({ left: 'R', right: 'L', top: 'S', bottom: 'I' });
    expect(edgeLetters(straight, 'sagittal', true)).toEqual({ left: 'A', right: 'P', top: 'S', bottom: 'I' });
  });

  it('show the right on the right in neurological convention', () => {
    expect(edgeLetters(straight, 'axial', false)).toEqual({ left: 'L', right: 'R', top: 'A', bottom: 'P' });
    expect(edgeLetters(straight, 'sagittal', false)).toEqual({ left: 'P', right: 'A', top: 'S', bottom: 'I' });
  });

  it('follow the nearest direction on an oblique grid', () => {
    for (const degrees of [-40, -12, 12, 40]) {
      expect(edgeLetters(turned(degrees), 'axial', true)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    }
  });

  it('follow the affine where its axes are flipped or exchanged', () => {
    const flipped: Affine = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0];
    expect(edgeLetters(flipped, 'axial', true)).toEqual({ left: 'L', right: 'R', top: 'A', bottom: 'P' });
    expect(edgeLetters(flipped, 'coronal', true)).toEqual({ left: 'L', right: 'R', top: 'I', bottom: 'S' });
    const exchanged: Affine = [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0];
    expect(edgeLetters(exchanged, 'axial', false)).toEqual({ left: 'P', right: 'A', top: 'R', bottom: 'L' });
  });

  it('name each direction once even halfway between two', () => {
    const letters = edgeLetters(turned(45), 'axial', true);
    expect(new Set(Object.values(letters)).size).toBe(4);
  });
});

describe('windows', () => {
  const ct = { modality: 'CT', robustRange: [-1000, 400], range: [-1024, 3071] } as const;
  const mr = { modality: 'MR', robustRange: [12, 812], range: [0, 4000] } as const;
  const shape = (...[volume, foreground]: Parameters<typeof automaticWindow>): unknown =>
    windowPresetsFor(volume, foreground, nullTranslator.load('voxcord')).map(({ id, width, level }) => [
      id,
      width,
      level
    ]);

  it('start with the abdomen on CT and offer what radiologists use', () => {
    expect(shape({ ...ct, robustRange: [-1000, 400], range: [-1024, 3071] }, null)).toEqual([
      ['abdomen', 400, 40],
      ['liver', 150, 60],
      ['lung', 1500, -600],
      ['bone', 1800, 400],
      ['brain', 80, 40],
      ['auto', 1564, -242],
      ['full', 4095, 1023.5]
    ]);
  });

  it('start elsewhere with the foreground, and room so that nothing of it is quite white or black', () => {
    const foreground = { threshold: 90, low: 100, high: 200 };
    expect(shape({ ...mr, robustRange: [0, 198], range: [0, 255] }, foreground)).toEqual([
      ['auto', 140, 140],
      ['full', 255, 127.5]
    ]);
  });

  it('do not depend on how much air there is around the foreground', () => {
    const foreground = { threshold: 90, low: 100, high: 200 };
    const [tight, wide] = (
      [
        [20, 210],
        [0, 150]
      ] as const
    ).map(([low, high]) => automaticWindow({ modality: 'MR', robustRange: [low, high], range: [0, 255] }, foreground));
    expect(tight).toEqual(wide);
  });

  it('start with the 2nd to 98th percentile where nothing stands out', () => {
    expect(shape({ ...mr, robustRange: [112, 812], range: [0, 4000] }, null)).toEqual([
      ['auto', 882, 441],
      ['full', 4000, 2000]
    ]);
  });

  it('use the whole range of a volume that is nearly all background', () => {
    const limits = windowLimits(automaticWindow({ modality: 'unknown', robustRange: [0, 0], range: [0, 9] }, null));
    expect(limits[0]).toBeCloseTo(0);
    expect(limits[1]).toBeCloseTo(9.9);
    expect(automaticWindow({ modality: 'unknown', robustRange: [3, 3], range: [3, 3] }, null).width).toBeGreaterThan(0);
  });

  it('clip half a width to each side of the level', () => {
    expect(windowLimits({ width: 400, level: 40 })).toEqual([-160, 240]);
  });

  it('widen to the right, get brighter upwards, and never close', () => {
    const start = { width: 400, level: 40 };
    const volume = {
      modality: 'CT' as const,
      robustRange: [-1000, 400] as [number, number],
      range: [-1024, 3071] as [number, number]
    };
    expect(draggedWindow(start, 10, 0, volume)).toEqual({ width: 435, level: 40 });
    expect(draggedWindow(start, 0, -10, volume)).toEqual({ width: 400, level: 5 });
    expect(draggedWindow(start, -5000, 0, volume).width).toBeGreaterThan(0);
  });
});

describe('texts', () => {
  it('carry units, real minus signs and sensible digits', () => {
    expect(formatMm([-81.54, 0, 99.3])).toBe('x −81.5 y 0.0 z 99.3');
    expect(formatMm([-0.01, 0, 0])).toBe('x 0.0 y 0.0 z 0.0');
    expect(formatValue(-111.6, 'HU')).toBe('−112 HU');
    expect(formatValue(0.012345, '')).toBe('0.0123');
    expect(formatValue(1234.56, '')).toBe('1235');
    expect(formatWindow({ width: 1500, level: -600 }, { unit: 'HU' })).toBe('W 1500 L −600');
    expect(formatWindow({ width: 0.5, level: 0.25 }, { unit: '' })).toBe('W 0.5 L 0.25');
  });
});

describe('the scale bar', () => {
  const bar = (pixelsPerMm: number, longest: number): unknown => {
    const { pixels, label } = scaleBar(pixelsPerMm, longest) ?? {};
    return [pixels, label];
  };

  it('is the longest round length that has room', () => {
    expect(bar(2, 140)).toEqual([100, '5 cm']);
    expect(bar(40, 140)).toEqual([80, '2 mm']);
    expect(bar(10, 100)).toEqual([100, '1 cm']);
    expect(bar(500, 140)).toEqual([100, '0.2 mm']);
  });

  it('is left out where nothing can be measured', () => {
    expect(scaleBar(0, 100)).toBeNull();
    expect(scaleBar(3, 0)).toBeNull();
  });
});

describe('the colour table', () => {
  const segment = (number: number, colour: string): Segment => ({
    number,
    name: 'x',
    colour,
    codes: [],
    retired: false
  });
  const texel = (table: Uint8Array, row: 0 | 1, number: number): number[] => [
    ...table.subarray((row * 256 + number) * 4, (row * 256 + number) * 4 + 4)
  ];

  it('holds colour and opacity of the fill, and a full outline', () => {
    const table = segmentTable([{ segment: segment(7, '#ffa640'), visible: true, opacity: 0.5 }]);
    expect(texel(table, 0, 7)).toEqual([255, 166, 64, 128]);
    expect(texel(table, 1, 7)).toEqual([255, 166, 64, 255]);
  });

  it('shows nothing of a hidden segment and only the outline of a transparent one', () => {
    const table = segmentTable([
      { segment: segment(1, '#102030'), visible: false, opacity: 1 },
      { segment: segment(2, '#102030'), visible: true, opacity: 0 }
    ]);
    expect([texel(table, 0, 1)[3], texel(table, 1, 1)[3]]).toEqual([0, 0]);
    expect([texel(table, 0, 2)[3], texel(table, 1, 2)[3]]).toEqual([0, 255]);
  });

  it('never shows background and always shows numbers that nobody has named', () => {
    const table = segmentTable([]);
    expect(texel(table, 0, 0)).toEqual([0, 0, 0, 0]);
    expect(texel(table, 1, 0)).toEqual([0, 0, 0, 0]);
    expect(texel(table, 0, 255)[3]).toBeGreaterThan(0);
  });

  it('takes what is no colour as grey', () => {
    expect(parseColour('red')).toEqual([200, 200, 200]);
  });
});

describe('brush sizes', () => {
  it('step through a scale and stop at its ends', () => {
    expect(steppedRadius(6, 1)).toBe(8);
    expect(steppedRadius(6, -1)).toBe(5);
    expect(steppedRadius(6.5, 1)).toBe(8);
    expect(steppedRadius(6.5, -1)).toBe(6);
    expect(steppedRadius(6, 100)).toBe(50);
    expect(steppedRadius(0.5, -1)).toBe(0.5);
  });

  it('grow with the pressure of a pen, up to the radius that is set', () => {
    expect(pressedRadius(8, null)).toBe(8);
    expect(pressedRadius(8, 1)).toBe(8);
    expect(pressedRadius(8, 0.5)).toBe(5);
    expect(pressedRadius(8, 0)).toBe(2);
    expect(pressedRadius(8, 7)).toBe(8);
  });
});

describe('the 3D view', () => {
  it("looks at the face with the patient's left on the right", () => {
    const { right, up, forward } = viewAxes({ azimuth: 0, elevation: 0, zoom: 1 });
    expect([...right, ...up, ...forward].map(Math.round).map(value => value + 0)).toEqual([
      -1, 0, 0, 0, 0, 1, 0, -1, 0
    ]);
  });

  it('keeps its axes perpendicular and right-handed at every turn', () => {
    for (let azimuth = -180; azimuth < 180; azimuth += 37) {
      for (let elevation = -90; elevation <= 90; elevation += 30) {
        const { right, up, forward } = viewAxes({ azimuth, elevation, zoom: 1 });
        const dot = (a: readonly number[], b: readonly number[]): number =>
          a.reduce((sum, value, axis) => sum + value * (b[axis] ?? 0), 0);
        const cross = [
          right[1] * up[2] - right[2] * up[1],
          right[2] * up[0] - right[0] * up[2],
          right[0] * up[1] - right[1] * up[0]
        ];
        expect(dot(right, up)).toBeCloseTo(0);
        expect(dot(right, forward)).toBeCloseTo(0);
        expect(dot(cross, forward)).toBeCloseTo(-1);
      }
    }
  });

  it('turns all the way round and never over the top', () => {
    expect(turnedBy({ azimuth: 170, elevation: 80, zoom: 1 }, 40, 100)).toEqual({
      azimuth: -170,
      elevation: 90,
      zoom: 1
    });
  });
});
