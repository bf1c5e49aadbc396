import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RoomPolicy } from '../../../src/rooms/roomPolicy.js';
import { INITIAL, SECRET } from './roomService.js';

const SCRIPT = fileURLToPath(new URL('./serviceProcess.mjs', import.meta.url));

/** Rooms in a process of their own, with the compiled code. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number
  ) {}

  /** `port` 0: any that is free. */
  static async start(folder: string, port: number, policy: Partial<RoomPolicy> = {}): Promise<ServiceProcess> {
    const settings = JSON.stringify({ secret: SECRET, initial: INITIAL, policy });
    const child = spawn(process.execPath, [SCRIPT, folder, String(port), settings], {
      stdio: ['ignore', 'pipe', 'inherit']
    });
    const told = await Promise.race([
      once(child.stdout, 'data') as Promise<[Buffer]>,
      once(child, 'exit').then(() => null)
    ]);
    if (told === null) throw new Error('The service did not start.');
    return new ServiceProcess(child, Number(told[0].toString()));
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/rooms`;
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }
}
