import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { projectEnvironment, root, SetupError } from './project.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string>} [env] added to the project's environment
 * @property {boolean} [quiet] show the output only if the command fails
 */

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} its exit status
 */
export async function attempt(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...projectEnvironment(), ...env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit']
  });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on('data', chunk => output.push(chunk));
  child.stderr?.on('data', chunk => output.push(chunk));
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });
  if (quiet && status !== 0) process.stderr.write(Buffer.concat(output));
  return status;
}

/**
 * Runs a command that has to succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions & { failure?: string }} [options] `failure`: what to tell if it does not
 */
export async function run(command, args, { failure, ...options } = {}) {
  let status;
  try {
    status = await attempt(command, args, options);
  } catch (error) {
    throw new SetupError(`${failure ?? `${command} could not be started.`}\n${String(error)}`);
  }
  if (status !== 0) throw new SetupError(failure ?? `${command} ${args.join(' ')} ended with status ${status}.`);
}

/**
 * Runs a command and answers its standard output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ status: number, stdout: string, stderr: string }>}
 */
export async function capture(command, args, { cwd = root, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...projectEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  const status = await new Promise(resolve => {
    child.once('error', () => resolve(127));
    child.once('close', code => resolve(code ?? 1));
  });
  return { status, stdout, stderr };
}

/** A long-running process with everything that it starts itself, in a process group of its own. */
export class Service {
  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ cwd?: string, env?: Record<string, string>, onOutput?: (text: string) => void }} [options]
   */
  constructor(command, args, { cwd = root, env = {}, onOutput } = {}) {
    this.child = spawn(command, args, {
      cwd,
      env: { ...projectEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true
    });
    /** Everything that it has said. */
    this.output = '';
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        this.output += text;
        onOutput?.(text);
      });
    }
    this.ended = new Promise(resolve => {
      this.child.once('error', error => {
        this.output += String(error);
        resolve(127);
      });
      this.child.once('close', code => resolve(code ?? 1));
    });
  }

  get running() {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks it to end, waits, and ends what is left of its group. */
  async stop(graceMilliseconds = 15_000) {
    if (this.running) {
      this.child.kill('SIGTERM');
      const grace = new AbortController();
      await Promise.race([
        once(this.child, 'exit'),
        delay(graceMilliseconds, undefined, { signal: grace.signal }).catch(() => undefined)
      ]);
      grace.abort();
    }
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }
}

/**
 * Calls `stop` once when this process is asked to end, then ends it.
 * @param {() => Promise<void>} stop
 */
export function onStopSignal(stop) {
  let stopping = false;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
}
