import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { kill } from 'node:process';
import { expect, test } from 'vitest';
import type { ProcessShare } from '../../src/processes/workInBackground.js';
import { compiledModule } from '../../src/threads/compiledModule.js';

const MODULE = compiledModule(
  new URL('../../src/processes/workInBackground.ts', import.meta.url).href,
  'workInBackground'
).href;
/** Its place after the name in /proc/PID/stat, whose fields proc(5) counts from 1. */
const NICE = 19 - 3;

function niceOf(id: number): number {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[NICE]);
}

test.runIf(process.platform === 'linux')(
  'a process of the background has the share that it takes, and ends with whoever started it',
  async () => {
    const nice: Record<ProcessShare, number> = { some: 10, little: 19 };
    for (const share of ['some', 'little'] as const) {
      const script = `
        import { workInBackground } from '${MODULE}';
        workInBackground().take('${share}');
        setInterval(() => undefined, 1000);
        process.stdout.write('ready');
      `;
      const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      try {
        const gone = once(child, 'exit');
        await once(child.stdout, 'data');
        const id = child.pid ?? 0;
        expect(niceOf(id)).toBe(nice[share]);
        // Of a terminal: it is for whoever started the process.
        kill(id, 'SIGINT');
        expect(niceOf(id)).toBe(nice[share]);
        child.stdin.destroy();
        expect(await gone).toEqual([null, 'SIGKILL']);
      } finally {
        child.kill('SIGKILL');
      }
    }
  }
);
