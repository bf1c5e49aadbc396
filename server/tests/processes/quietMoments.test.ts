import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { QuietMoments } from '../../src/processes/quietMoments.js';
import { compiledModule } from '../../src/threads/compiledModule.js';

const HERE = new URL('../../src/processes/processes.ts', import.meta.url).href;

/** Null: it is gone. */
function stateOf(id: number): string | null {
  try {
    const [state] = readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // Nobody may have asked how it ended.
    return state === undefined || state === 'Z' ? null : state;
  } catch {
    return null;
  }
}

function standsStill(id: number): boolean {
  return stateOf(id) === 'T';
}

describe.runIf(process.platform === 'linux')('moments in which processes stand still', () => {
  let child: ChildProcess;
  let gone: Promise<unknown>;
  let id = 0;
  let now = 0;
  let quiet: QuietMoments;

  beforeEach(async () => {
    child = spawn('sleep', ['600']);
    gone = once(child, 'exit');
    await once(child, 'spawn');
    id = child.pid ?? 0;
    now = 0;
    quiet = new QuietMoments(() => now);
    quiet.include(child);
  });

  afterEach(async () => {
    child.kill('SIGKILL');
    await gone;
  });

  /** A moment may be over before anybody has looked: it is begun anew with each look. */
  function begin(): boolean {
    quiet.begin();
    return standsStill(id);
  }

  test('they begin at once and end by themselves', async () => {
    await expect.poll(begin, { interval: 1 }).toBe(true);
    now = 6;
    await expect.poll(() => standsStill(id)).toBe(false);
  });

  test('who stood still for so long goes on for as long, whatever begins meanwhile', async () => {
    await expect.poll(begin, { interval: 1 }).toBe(true);
    now = 20;
    await expect.poll(() => standsStill(id)).toBe(false);
    for (now = 21; now < 40; now++) quiet.begin();
    await sleep(20);
    expect(standsStill(id)).toBe(false);
    now = 40;
    await expect.poll(begin, { interval: 1 }).toBe(true);
  });

  test('a moment that is begun again and again ends nevertheless', async () => {
    await expect.poll(begin, { interval: 1 }).toBe(true);
    now = 30;
    const again = setInterval(() => quiet.begin(), 1);
    await expect.poll(() => standsStill(id)).toBe(false);
    clearInterval(again);
  });

  test('a process that has ended is left alone', async () => {
    child.kill('SIGKILL');
    await gone;
    quiet.begin();
    expect(stateOf(id)).toBeNull();
  });
});

test.runIf(process.platform === 'linux')(
  'a process that stands still ends with the one that started it, even if that is killed',
  async () => {
    const script = `
      import { QuietMoments } from '${compiledModule(HERE, 'quietMoments').href}';
      import { runInProcess } from '${compiledModule(HERE, 'runInProcess').href}';
      const quiet = new QuietMoments(() => 0);
      const module = new URL('file://' + process.argv[1]);
      const signal = new AbortController().signal;
      await runInProcess(module, 'begin', { signal, timeLimit: 600, quiet }, ({ id }) => {
        setTimeout(() => {
          quiet.begin();
          process.stdout.write(String(id));
          // Nobody ends the moment. Without working: what stands still has to be given a processor for that.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        });
        return { state: 'running' };
      });
    `;
    const waiting = fileURLToPath(new URL('./waitingProcess.mjs', import.meta.url));
    const service = spawn(process.execPath, ['-e', script, waiting], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [told] = (await once(service.stdout, 'data')) as [Buffer];
      const id = Number(told.toString());
      await expect.poll(() => standsStill(id)).toBe(true);
      kill(service.pid ?? 0, 'SIGKILL');
      await expect.poll(() => stateOf(id)).toBeNull();
    } finally {
      service.kill('SIGKILL');
    }
  }
);
