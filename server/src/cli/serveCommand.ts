import { readFile } from 'node:fs/promises';
import { DEFAULT_MODEL_TIMES } from '../models/installedModels.js';
import { startService, type ListenAt } from '../service.js';
import { DEFAULT_MODEL_JOB_LIMITS, type ModelJobLimits } from '../studies/modelJobs/openModelJobs.js';
import { SERVER_VERSION } from '../version.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { dataFolder } from './dataFolder.js';

export interface ServeOptions {
  readonly data?: string;
  readonly socket?: string;
  readonly port?: number;
  readonly root: readonly string[];
  readonly secretFile?: string;
  readonly exitWithParent: boolean;
  readonly modelsAtOnce: number;
  readonly modelTrialSeconds: number;
  readonly provider: readonly string[];
  readonly logLevel: string;
}

/**
 * `voxcord serve`: runs until SIGTERM, SIGINT or, if asked for, the end of standard input. Prints one line of JSON when
 * it listens.
 */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const listenAt = chooseAddress(options);
  const identitySecret = await readSecret(options);
  const ending = endOfService(options.exitWithParent);
  const service = await startService({
    data: dataFolder(options.data),
    listenAt,
    identitySecret,
    roots: options.root,
    everyone: 'reader',
    logLevel: options.logLevel,
    logStream: process.stderr,
    limits: {
      models: { ...DEFAULT_MODEL_TIMES, trialSeconds: options.modelTrialSeconds },
      modelJobs: modelJobLimits(options)
    }
  });
  const ready = { event: 'listening', address: service.address, version: SERVER_VERSION, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await ending;
  await service.stop();
  // A thread or a timer of a library must not keep a service alive that has written everything.
  process.stdin.destroy();
}

function modelJobLimits({ modelsAtOnce: atATime, provider }: ServeOptions): ModelJobLimits {
  const providers = provider.length === 0 ? DEFAULT_MODEL_JOB_LIMITS.providers : provider;
  return { ...DEFAULT_MODEL_JOB_LIMITS, atATime, providers };
}

function chooseAddress({ socket, port }: ServeOptions): ListenAt {
  if (socket !== undefined && port === undefined) return { socket };
  if (port !== undefined && socket === undefined) return { port };
  throw new UsageError('Say where to listen: either --socket PATH or --port NUMBER.');
}

async function readSecret({ secretFile }: ServeOptions): Promise<string> {
  if (secretFile !== undefined) {
    try {
      return (await readFile(secretFile, 'utf8')).trim();
    } catch (cause) {
      throw new RefusedError('secret.unreadable', 'The file with the identity secret cannot be read.', { cause });
    }
  }
  const secret = process.env.VOXCORD_IDENTITY_SECRET;
  // Threads and what they start have no use for it.
  delete process.env.VOXCORD_IDENTITY_SECRET;
  if (secret === undefined || secret === '') {
    throw new UsageError('Set VOXCORD_IDENTITY_SECRET or name a file with --secret-file: at least 32 bytes.');
  }
  return secret;
}

/** Resolves when the service should stop. */
function endOfService(withParent: boolean): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    if (!withParent) return;
    // The parent holds the other end: it closes however the parent ends.
    process.stdin.once('end', () => resolve());
    process.stdin.once('close', () => resolve());
    process.stdin.once('error', () => resolve());
    process.stdin.resume();
  });
}
