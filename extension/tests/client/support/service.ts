import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { ServerConnection } from '@jupyterlab/services';
import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { SignJWT } from 'jose';
import WebSocketWithHeaders from 'ws';
import { VoxcordApi } from '../../../src/client/api.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const program = path.join(root, 'server', 'bin', 'voxcord.mjs');
const programWithPolicy = fileURLToPath(new URL('serveWithPolicy.mjs', import.meta.url));
const node = path.join(root, 'node_modules', '.bin', 'node');

/** The built service is what these tests talk to; without it they cannot run. */
export const isServiceBuilt = existsSync(path.join(root, 'server', 'lib', 'cli')) && existsSync(program);

/** Limits of rooms that differ from the usual ones. */
export type ServicePolicy = Readonly<Record<string, number>>;

/** The real service in a process of its own, on a folder of its own. */
export class Service {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'voxcord-client-'));
  private readonly secret = randomBytes(32).toString('base64url');
  private process: ChildProcess | null = null;
  private port = 0;

  constructor(private readonly policy?: ServicePolicy) {}

  /** Starts it, or starts it again on the same port and folder. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const started = spawn(node, this.arguments(), {
      env: { ...process.env, VOXCORD_IDENTITY_SECRET: this.secret },
      stdio: ['ignore', 'ignore', 'inherit']
    });
    this.process = started;
    for (let attempt = 0; attempt < 200; attempt++) {
      if (started.exitCode !== null) throw new Error(`The service ended with ${started.exitCode}.`);
      const answer = await fetch(`http://127.0.0.1:${this.port}/health`).catch(() => null);
      if (answer?.ok === true) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error('The service does not answer.');
  }

  private arguments(): string[] {
    const { folder, policy } = this;
    const port = String(this.port);
    if (policy !== undefined) return [programWithPolicy, port, folder, JSON.stringify(policy)];
    const data = path.join(folder, 'data');
    return [program, 'serve', '--port', port, '--data', data, '--root', folder, '--log-level', 'warn'];
  }

  /** Copies everything that the service keeps. It must not run. */
  backUp(): void {
    cpSync(path.join(this.folder, 'data'), path.join(this.folder, 'backup'), { recursive: true });
  }

  /** Puts back what was backed up. The service must not run. */
  restore(): void {
    rmSync(path.join(this.folder, 'data'), { recursive: true });
    cpSync(path.join(this.folder, 'backup'), path.join(this.folder, 'data'), { recursive: true });
  }

  /** Loses one room, as a repair of a damaged file may. The service must not run. */
  loseRoom(name: string): void {
    const file = readdirSync(path.join(this.folder, 'data')).find(entry => entry.endsWith('.sqlite'));
    if (file === undefined) throw new Error('The service keeps no SQLite file.');
    const database = new DatabaseSync(path.join(this.folder, 'data', file));
    for (const table of ['entry', 'checkpoint', 'client']) {
      database.prepare(`DELETE FROM ${table} WHERE room IN (SELECT key FROM room WHERE name = ?)`).run(name);
    }
    database.prepare('DELETE FROM room WHERE name = ?').run(name);
    database.close();
  }

  /** Kills it in the middle of whatever it does. */
  async kill(): Promise<void> {
    const running = this.process;
    this.process = null;
    if (running === null || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A file below the folder that the service may import from. */
  write(name: string, bytes: Uint8Array): void {
    writeFileSync(path.join(this.folder, name), bytes);
  }

  /** The API as a page of `username` has it: what the Jupyter server in between does is done here. */
  async apiFor(username: string): Promise<VoxcordApi> {
    const token = await this.sign(username);
    const { port } = this;
    const origin = `127.0.0.1:${port}`;
    class PageWebSocket extends WebSocketWithHeaders {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(String(address).replace('/voxcord/', '/'), protocols ?? [], { headers: { [IDENTITY_HEADER]: token } });
      }
    }
    const settings = ServerConnection.makeSettings({
      baseUrl: `http://${origin}/`,
      wsUrl: `ws://${origin}/`,
      // Pages have one, and Jupyter's client sends other headers with it than without.
      token: 'of-the-page',
      Request,
      Headers,
      fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input, init);
        const headers = new Headers(request.headers);
        headers.set(IDENTITY_HEADER, token);
        const body = request.body === null ? null : await request.arrayBuffer();
        const { method, signal } = request;
        return fetch(request.url.replace('/voxcord/', '/'), { method, signal, headers, body });
      },
      WebSocket: PageWebSocket as unknown as typeof WebSocket
    });
    return new VoxcordApi(settings);
  }

  private sign(username: string): Promise<string> {
    return new SignJWT({ name: `Dr ${username}`, initials: username.slice(0, 2).toUpperCase() })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('voxcord-jupyter')
      .setAudience('voxcord-service')
      .setSubject(username)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(new TextEncoder().encode(this.secret));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
