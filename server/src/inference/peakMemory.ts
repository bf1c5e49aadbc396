import { readFileSync } from 'node:fs';

const KIB = 1024;
const MB = 1e6;

/** Most memory that this process has had at once, MB. */
export function peakMemoryMb(): number {
  return (highWaterMark() ?? process.resourceUsage().maxRSS) * (KIB / MB);
}

/** KiB. Linux counts the process that started this one into what `getrusage` tells, but not here. */
function highWaterMark(): number | null {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
