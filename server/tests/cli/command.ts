import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const SECRET = 'a secret of the command tests, 32 bytes or more';

const COMMAND = fileURLToPath(new URL('../../bin/voxcord.mjs', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `voxcord` with these arguments to its end. */
export async function voxcord(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  const child = start(args, env);
  child.stdin.end();
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** Runs `voxcord` and interrupts it (Ctrl-C) as soon as `isTime`. Answers the signal that ended it; null if it was done. */
export async function interrupted(args: readonly string[], isTime: () => boolean): Promise<NodeJS.Signals | null> {
  const child = start(args, {});
  child.stdin.end();
  child.stdout.resume();
  child.stderr.resume();
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  while (child.exitCode === null && !isTime()) await new Promise(resolve => setImmediate(resolve));
  child.kill('SIGINT');
  return (await closed)[1];
}

export interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly address: string;
  /** Sends a signal, or ends standard input, and answers the exit code. */
  stop(how: NodeJS.Signals | 'end of input'): Promise<number | null>;
}

/** Starts `voxcord serve` and waits until it says that it listens. */
export async function serve(args: readonly string[], env: Record<string, string> = {}): Promise<Serving> {
  const child = start(['serve', '--exit-with-parent', ...args], { ...env, VOXCORD_IDENTITY_SECRET: SECRET });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const line = await Promise.race([once(createInterface(child.stdout), 'line') as Promise<[string]>, closed]);
  if (typeof line[0] !== 'string') throw new Error(`The service did not start: ${log}`);
  const ready = JSON.parse(line[0]) as { event: string; address: string };
  return {
    child,
    address: ready.address,
    stop: async how => {
      if (how === 'end of input') child.stdin.end();
      else child.kill(how);
      return (await closed)[0];
    }
  };
}

function start(args: readonly string[], env: Record<string, string>): ChildProcessWithoutNullStreams {
  const { VOXCORD_DATA: _data, VOXCORD_IDENTITY_SECRET: _secret, ...inherited } = process.env;
  return spawn(process.execPath, [COMMAND, ...args], { env: { ...inherited, ...env }, stdio: 'pipe' });
}
