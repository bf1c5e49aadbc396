import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { kill } from 'node:process';
import { expect, test } from 'vitest';
import type { ProcessShare } from '../../src/processes/workInBackground.js';
import { compiledModule } from '../../src/threads/compiledModule.js';

const MODULE = compiledModule(new URL('../../src/processes/index.ts', import.meta.url).href, 'workInBackground').href;
/** Of the numbers after the name in /proc/PID/stat, which proc(5) counts from 3. */
const [NICE, POLICY] = [19 - 3, 41 - 3];
const [NORMAL, IDLE] = ['0', '5'];

/** What a process does, and its standard input, which is the life of whoever started it. */
async function started(share: ProcessShare): Promise<{ id: number; end: () => Promise<unknown>; kill: () => void }> {
  const script = `
    import { workInBackground } from '${MODULE}';
    workInBackground().take('${share}');
    setInterval(() => undefined, 1000);
    process.stdout.write('ready');
  `;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    id: child.pid ?? 0,
    end: () => {
      child.stdin.destroy();
      return gone;
    },
    kill: () => child.kill('SIGKILL')
  };
}

/** How the system treats the main thread and all threads of a process. */
function treatmentOf(id: number): { nice: string | undefined; policies: Set<string | undefined> } {
  const fields = (thread: string): string[] =>
    readFileSync(`/proc/${id}/task/${thread}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  return {
    nice: fields(String(id))[NICE],
    policies: new Set(readdirSync(`/proc/${id}/task`).map(thread => fields(thread)[POLICY]))
  };
}

test.runIf(process.platform === 'linux')(
  'a process has the share that it takes, and ends with whoever started it',
  async () => {
    const expected = {
      soon: { nice: '10', policies: new Set([NORMAL]) },
      low: { nice: '19', policies: new Set([NORMAL]) },
      spare: { nice: '19', policies: new Set([IDLE]) }
    };
    for (const share of ['soon', 'low', 'spare'] as const) {
      const running = await started(share);
      try {
        expect({ share, ...treatmentOf(running.id) }).toEqual({ share, ...expected[share] });
        kill(running.id, 'SIGINT');
        expect(treatmentOf(running.id).nice).toBe(expected[share].nice);
        expect(await running.end()).toEqual([null, 'SIGKILL']);
      } finally {
        running.kill();
      }
    }
  }
);
