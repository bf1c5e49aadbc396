import { describe, expect, it } from 'vitest';
import { millilitres, threeDigits } from '../../src/ui/numbers.js';

describe('numbers that people read', () => {
  it.each([
    [0, '0'],
    [0.031_24, '0.0312'],
    [8.4, '8.4'],
    [25.44, '25.4'],
    [330.4, '330'],
    [1126.2, '1,126'],
    [-2.456, '−2.46'],
    [Number.NaN, '–']
  ])('%f is written %s', (value, text) => {
    expect(threeDigits(value, 'en')).toBe(text);
  });

  it('gives a volume in millilitres from voxels and spacing', () => {
    expect(millilitres(1000, [1, 1, 1])).toBe('1');
    expect(millilitres(12_000, [0.7, 0.7, 1.5])).toBe('8.82');
  });
});
