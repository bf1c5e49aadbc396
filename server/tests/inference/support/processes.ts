import { execFileSync } from 'node:child_process';

/** Processes that run models, started by this one. */
export function inferenceProcesses(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter(found => found !== null && Number(found[2]) === parent && (found[3] ?? '').includes('inferenceProcess'))
    .map(found => Number(found?.[1]));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
