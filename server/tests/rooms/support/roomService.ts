import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Segment } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { RoomName } from '@voxcord/schemas/rooms';
import { createIdentityVerifier } from '../../../src/identity/identityVerifier.js';
import type { RoomLogger } from '../../../src/rooms/roomLogger.js';
import type { RoomPolicy } from '../../../src/rooms/roomPolicy.js';
import { Rooms } from '../../../src/rooms/rooms.js';
import type { Authorise, RoomInitial } from '../../../src/rooms/roomTypes.js';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import type { Store } from '../../../src/store/store.js';

export const SECRET = 'the secret of the tests: thirty-two bytes and more';
export const DIMS: Dims = [64, 48, 40];

export const INITIAL: RoomInitial = {
  volume: 'a'.repeat(64),
  dims: DIMS,
  segments: [1, 2, 3, 4, 5].map((number): Segment => ({
    number,
    name: `Segment ${number}`,
    colour: '#112233',
    codes: [],
    retired: false
  }))
};

/** Everybody may paint in every room. */
export const OPEN: Authorise = () => Promise.resolve({ mayJoin: true, mayWrite: true, initial: INITIAL });

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export interface RoomServiceOptions {
  readonly folder?: string;
  readonly authorise?: Authorise;
  readonly policy?: Partial<RoomPolicy>;
  readonly now?: () => number;
  /** Puts something between the rooms and the store. */
  readonly wrapStore?: (store: Store) => Store;
}

/** Rooms on a real socket with a real store; nothing else of the service. */
export class RoomService {
  private constructor(
    readonly folder: string,
    private readonly ownsFolder: boolean,
    readonly store: Store,
    readonly rooms: Rooms,
    private readonly server: Server,
    readonly lines: readonly LogLine[]
  ) {}

  static async start(options: RoomServiceOptions = {}): Promise<RoomService> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'voxcord-rooms-')));
    const real = await openEmbeddedStore(folder);
    const store = options.wrapStore?.(real) ?? real;
    const lines: LogLine[] = [];
    const logger: RoomLogger = {
      info: (fields, message) => lines.push({ level: 'info', fields, message }),
      warn: (fields, message) => lines.push({ level: 'warn', fields, message }),
      error: (fields, message) => lines.push({ level: 'error', fields, message })
    };
    const rooms = new Rooms({
      store,
      identify: createIdentityVerifier(SECRET),
      authorise: options.authorise ?? OPEN,
      initial: () => Promise.resolve(INITIAL),
      logger,
      ...(options.now === undefined ? {} : { now: options.now }),
      policy: { idleMilliseconds: 50, ...options.policy }
    });
    const server = createServer();
    server.on('upgrade', (request, socket, head) => rooms.handleUpgrade(request, socket, head));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new RoomService(folder, options.folder === undefined, store, rooms, server, lines);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/rooms`;
  }

  /** The folder stays if it was given. */
  async stop(): Promise<void> {
    await this.rooms.shutdown();
    await this.store.close();
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
    if (this.ownsFolder) await rm(this.folder, { recursive: true });
  }
}

export function newRead(): RoomName {
  return { kind: 'read', id: randomUUID() };
}

export function newCase(): RoomName {
  return { kind: 'case', id: randomUUID() };
}
