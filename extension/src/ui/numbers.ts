/** `value` with three significant digits, a true minus and no exponent: 1,126, −8.4, 0.0312. Not finite: a dash. */
export function threeDigits(value: number, locale?: string): string {
  if (!Number.isFinite(value)) return '–';
  const whole = Math.abs(value) >= 100;
  const text = new Intl.NumberFormat(locale, {
    ...(whole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 }),
    useGrouping: true
  }).format(value);
  return text.replace('-', '−');
}

/** Volume of `voxels` voxels in millilitres, as people read it. */
export function millilitres(voxels: number, spacing: readonly [number, number, number]): string {
  return threeDigits((voxels * spacing[0] * spacing[1] * spacing[2]) / 1000);
}
