import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import {
  API_PREFIX,
  IDENTITY_HEADER,
  operations,
  Problem,
  type ImportJob,
  type Operation,
  type OperationName,
  type Project
} from '@voxcord/schemas/api';
import { SignJWT } from 'jose';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect } from 'vitest';
import { startService, type RunningService, type ServiceLimits, type ServiceOptions } from '../../src/service.js';
import { makeNifti, type NiftiRecipe } from '../imaging/niftiFile.js';

export const SECRET = 'a secret of the tests, at least 32 bytes long';

type Answer<N extends OperationName> = (typeof operations)[N] extends { response: infer S extends TSchema }
  ? Static<S>
  : undefined;

export interface CallInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export type MoreOptions = Pick<ServiceOptions, 'now' | 'rooms' | 'live' | 'shippedModels'>;

/** A real service in a folder of its own. */
export class TestService implements Served {
  private constructor(
    readonly folder: string,
    readonly root: string,
    readonly running: RunningService,
    readonly log: string[],
    private readonly more: MoreOptions
  ) {}

  static async start(limits: Partial<ServiceLimits> = {}, more: MoreOptions = {}): Promise<TestService> {
    const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-http-'));
    mkdirSync(path.join(folder, 'files'));
    return TestService.open(folder, limits, more);
  }

  private static async open(folder: string, limits: Partial<ServiceLimits>, more: MoreOptions): Promise<TestService> {
    const root = path.join(folder, 'files');
    const log: string[] = [];
    const logStream = new Writable({
      write(chunk: Buffer, _, done) {
        log.push(chunk.toString('utf8'));
        done();
      }
    });
    const running = await startService({
      data: path.join(folder, 'data'),
      listenAt: { port: 0 },
      identitySecret: SECRET,
      roots: [root],
      everyone: 'reader',
      logLevel: 'info',
      logStream,
      limits,
      shippedModels: null,
      ...more
    });
    return new TestService(folder, root, running, log, more);
  }

  /** Another service on the data of this one, which has stopped. */
  restart(limits: Partial<ServiceLimits> = {}): Promise<TestService> {
    return TestService.open(this.folder, limits, this.more);
  }

  get address(): string {
    return this.running.address;
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  as(username: string, displayName = username): Caller {
    return new Caller(this, username, displayName);
  }

  /** Writes a NIfTI file into the folder that imports may read. */
  writeVolume(name: string, recipe: NiftiRecipe = {}): void {
    writeFileSync(path.join(this.root, name), makeNifti(recipe));
  }
}

/** A service that answers, wherever it runs. */
export interface Served {
  readonly address: string;
  as(username: string, displayName?: string): Caller;
  writeVolume(name: string, recipe?: NiftiRecipe): void;
}

/** Requests of one person. Every answer is checked against the schema of its operation. */
export class Caller {
  constructor(
    private readonly service: Served,
    readonly username: string,
    private readonly displayName: string
  ) {}

  get address(): string {
    return this.service.address;
  }

  token(): Promise<string> {
    return signIdentity({ sub: this.username, name: this.displayName });
  }

  /** The answer of an operation that must succeed. */
  async call<N extends OperationName>(name: N, input: CallInput = {}): Promise<Answer<N>> {
    const response = await this.send(name, input);
    const operation: Operation = operations[name];
    const text = await response.text();
    expect(`${response.status} ${response.status === operation.status ? '' : text}`).toBe(`${operation.status} `);
    if (operation.response === undefined) {
      expect(text).toBe('');
      return undefined as Answer<N>;
    }
    const answer: unknown = JSON.parse(text);
    expect([...Value.Errors(operation.response, answer)]).toEqual([]);
    return answer as Answer<N>;
  }

  /** The problem that an operation must end in. */
  async problem(name: OperationName, input: CallInput = {}): Promise<Problem> {
    return readProblem(await this.send(name, input));
  }

  async send(name: OperationName, input: CallInput = {}): Promise<Response> {
    return sendOperation(this.service.address, name, input, { [IDENTITY_HEADER]: await this.token() });
  }

  /** Imports a file of the allowed folder and waits for its end. */
  async importFile(file: string, frame?: number): Promise<ImportJob> {
    return this.finished(
      await this.call('startImport', { body: { kind: 'path', path: file, ...(frame === undefined ? {} : { frame }) } })
    );
  }

  async finished(job: ImportJob): Promise<ImportJob> {
    let current = job;
    while (current.state === 'running') {
      await new Promise(resolve => setTimeout(resolve, 10));
      current = await this.call('getImport', { params: { importId: job.id } });
    }
    return current;
  }

  /** Hash of a volume that this person has imported. */
  async volume(recipe: NiftiRecipe = {}): Promise<string> {
    const name = `${crypto.randomUUID()}.nii`;
    this.service.writeVolume(name, recipe);
    const job = await this.importFile(name);
    const [volume] = job.volumes;
    if (volume === undefined) throw new Error(`no volume: ${JSON.stringify(job)}`);
    return volume.hash;
  }

  async project(body: object = {}): Promise<Project> {
    return this.call('createProject', { body: { title: 'Livers', ...body } });
  }
}

export async function sendOperation(
  address: string,
  name: OperationName,
  { params = {}, query, body, bytes, headers = {} }: CallInput,
  identity: Readonly<Record<string, string>>
): Promise<Response> {
  const operation: Operation = operations[name];
  const route = operation.path.replace(/\{([a-zA-Z]+)\}/g, (_, key: string) => String(params[key] ?? key));
  const search = query === undefined ? '' : `?${new URLSearchParams(Object.entries(query).map(entryText)).toString()}`;
  return fetch(`${address}${API_PREFIX}${route}${search}`, {
    method: operation.method,
    headers: {
      ...identity,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...headers
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(bytes === undefined ? {} : { body: bytes.slice() })
  });
}

function entryText([name, value]: [string, string | number]): [string, string] {
  return [name, String(value)];
}

export async function readProblem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem: unknown = await response.json();
  expect([...Value.Errors(Problem, problem)]).toEqual([]);
  const checked = Value.Parse(Problem, problem);
  expect(checked.status).toBe(response.status);
  return checked;
}

export interface Claims {
  readonly sub: string;
  readonly name: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now. */
  readonly expires?: number;
  readonly secret?: string;
}

export function signIdentity(claims: Claims): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const expires = now + (claims.expires ?? 60);
  return new SignJWT({ name: claims.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(claims.sub)
    .setIssuer(claims.issuer ?? 'voxcord-jupyter')
    .setAudience(claims.audience ?? 'voxcord-service')
    .setIssuedAt(Math.min(now, expires - 60))
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(claims.secret ?? SECRET));
}
