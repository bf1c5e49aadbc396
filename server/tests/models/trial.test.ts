import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readModelFolder } from '../../src/models/modelFolder.js';
import { runTrial, TrialCancelled } from '../../src/models/trial/runTrial.js';
import { compiledModule } from '../../src/threads/compiledModule.js';
import { fixture } from './modelFolders.js';

/** Processes of trials that a process has started. */
function trialsOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter(found => Number(found?.[2]) === parent && found?.[3]?.includes('trialProcess') === true)
    .map(found => Number(found?.[1]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processor time that a process has used; 0 if it is gone. */
function cpuSeconds(pid: number): number {
  try {
    const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return time.split(/[-:]/).reduce((seconds, part) => seconds * 60 + Number(part), 0);
  } catch {
    return 0;
  }
}

test('a network that wants more memory than there is takes nothing down but its own process', async () => {
  const model = await readModelFolder(fixture('no-memory'));
  await expect(runTrial(model, 60, new AbortController().signal)).rejects.toMatchObject({ code: 'model.no-memory' });
  expect(trialsOf(process.pid)).toEqual([]);
});

test('a trial that is cancelled leaves no process behind, whatever its network does', async () => {
  const model = await readModelFolder(fixture('never-ends'));
  const abort = new AbortController();
  const trial = runTrial(model, 60, abort.signal);
  await expect.poll(() => trialsOf(process.pid)).toHaveLength(1);
  abort.abort();
  await expect(trial).rejects.toBeInstanceOf(TrialCancelled);
  expect(trialsOf(process.pid)).toEqual([]);
  await expect(runTrial(model, 60, abort.signal)).rejects.toBeInstanceOf(TrialCancelled);
});

test('a trial does not outlive the service, even if that is killed while native code runs', async () => {
  const source = pathToFileURL(path.resolve(import.meta.dirname, '../../src/models/index.ts')).href;
  const script = `
    import { readModelFolder } from '${compiledModule(source, 'modelFolder').href}';
    import { runTrial } from '${compiledModule(source, 'trial/runTrial').href}';
    await runTrial(await readModelFolder(process.argv[1]), 600, new AbortController().signal);
  `;
  const service = spawn(process.execPath, ['--input-type=module', '-e', script, fixture('never-ends')]);
  try {
    await expect.poll(() => trialsOf(service.pid ?? 0), { timeout: 30_000 }).toHaveLength(1);
    const trials = trialsOf(service.pid ?? 0);
    // Past its start: by now it reads, or runs what never ends.
    await expect.poll(() => cpuSeconds(trials[0] ?? 0), { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
    service.kill('SIGKILL');
    await expect.poll(() => trials.filter(isAlive), { timeout: 30_000 }).toEqual([]);
  } finally {
    service.kill('SIGKILL');
  }
}, 150_000);
