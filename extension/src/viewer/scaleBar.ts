export interface ScaleBar {
  readonly pixels: number;
  readonly label: string;
}

const STEPS = [1, 2, 5] as const;

/** The longest of 1, 2, 5 x 10^n mm that is at most `longest` pixels; centimetres from 10 mm on. */
export function scaleBar(pixelsPerMm: number, longest: number): ScaleBar | null {
  if (!(pixelsPerMm > 0) || !(longest > 0)) return null;
  const most = longest / pixelsPerMm;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [...STEPS].reverse().find(candidate => candidate * power <= most * (1 + 1e-9)) ?? 1;
  const mm = step * power;
  return { pixels: mm * pixelsPerMm, label: mm >= 10 ? `${round(mm / 10)} cm` : `${round(mm)} mm` };
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
