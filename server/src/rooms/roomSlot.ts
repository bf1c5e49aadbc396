import { formatRoomName } from '@voxcord/schemas/rooms';
import type { RoomName } from '@voxcord/schemas/rooms';
import type { Store } from '../store/store.js';
import { loadRoom } from './loadRoom.js';
import { Room } from './room.js';
import { RoomError } from './roomError.js';
import { roomLabel } from './roomLabel.js';
import { withFields, type RoomLogger } from './roomLogger.js';
import type { RoomPolicy } from './roomPolicy.js';
import type { RoomInitial } from './roomTypes.js';
import { RoomCaches } from './roomCaches.js';
import type { FoldPool } from '../labelmap/foldPool.js';

export interface SlotOptions {
  readonly store: Store;
  readonly folds: FoldPool;
  readonly policy: RoomPolicy;
  readonly logger: RoomLogger;
  readonly now: () => number;
  readonly onUpdate: () => void;
}

/** Somebody needs the room: while there is a lease it stays. */
export interface RoomLease {
  readonly room: Room;
  readonly caches: RoomCaches;
  release(): void;
}

type Phase = 'load' | 'serve' | 'flush' | 'unload';

/**
 * The life of one room in memory: load -> serve -> flush -> unload, once. A room that is needed again gets a new slot,
 * after `gone`.
 */
export class RoomSlot {
  /** Resolves when nothing of this room is in memory, or being written, any more. */
  readonly gone: Promise<void>;
  readonly #loaded: Promise<{ room: Room; caches: RoomCaches }>;
  readonly #logger: RoomLogger;
  #phase: Phase = 'load';
  #leases = 0;
  #idleTimer: NodeJS.Timeout | null = null;
  #resolveGone: () => void = () => undefined;

  constructor(
    readonly name: RoomName,
    initial: () => Promise<RoomInitial | null>,
    private readonly options: SlotOptions
  ) {
    this.gone = new Promise(resolve => (this.#resolveGone = resolve));
    this.#logger = options.logger;
    this.#loaded = this.#load(initial);
    this.#loaded.catch(() => undefined);
  }

  /** Whether it takes leases. */
  get isOpen(): boolean {
    return this.#phase === 'load' || this.#phase === 'serve';
  }

  /** Rejects with `RoomError` if the room cannot be loaded. */
  async lease(): Promise<RoomLease> {
    this.#leases += 1;
    this.#stopIdling();
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#leases -= 1;
      this.#idle();
    };
    try {
      const { room, caches } = await this.#loaded;
      return { room, caches, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    try {
      const { room } = await this.#loaded;
      await room.commits.settled();
    } catch {
      // Not loaded: nothing is written.
    }
  }

  /** Writes the caches of what the log has, then lets go of the room. Everybody has left it. */
  async unload(): Promise<void> {
    if (!this.isOpen) return this.gone;
    this.#stopIdling();
    this.#phase = 'flush';
    try {
      const { room, caches } = await this.#loaded;
      await room.commits.settled();
      if (!room.hasFailed) await caches.flush();
      this.#drop(room, caches);
      this.#logger.info({ ...roomLabel(this.name), sequence: room.sequence }, 'room unloaded');
    } catch {
      this.#end();
    }
    return this.gone;
  }

  async #load(initial: () => Promise<RoomInitial | null>): Promise<{ room: Room; caches: RoomCaches }> {
    const { store, policy } = this.options;
    const name = formatRoomName(this.name);
    const label = roomLabel(this.name);
    const logger = withFields(this.#logger, label);
    try {
      const loaded = await loadRoom(store.log, this.name, name, initial);
      const room: Room = new Room(name, loaded, store.log, policy, logger, {
        failed: () => void this.#abandon(),
        received: this.options.onUpdate,
        recordsApplied: entries => caches.recordsApplied(entries),
        applied: () => caches.applied()
      });
      const caches = new RoomCaches(this.name, room, { ...this.options, logger });
      if (this.#phase === 'load') this.#phase = 'serve';
      logger.info({ sequence: loaded.sequence, replayed: loaded.replayed }, 'room loaded');
      return { room, caches };
    } catch (error) {
      logger.error({ error: error instanceof Error ? error.message : String(error) }, 'room could not be loaded');
      this.#end();
      if (error instanceof RoomError) throw error;
      throw new RoomError('room.load-failed', 'The room could not be loaded: try again later.', { cause: error });
    }
  }

  /** The log refused an entry: what is in memory is ahead of it and worth nothing. */
  async #abandon(): Promise<void> {
    this.#phase = 'unload';
    this.#stopIdling();
    const { room, caches } = await this.#loaded;
    await room.commits.settled();
    this.#drop(room, caches);
    this.#logger.warn(roomLabel(this.name), 'room dropped; it is loaded from its log when it is asked for again');
  }

  #drop(room: Room, caches: RoomCaches): void {
    caches.dispose();
    room.dispose();
    this.#end();
  }

  #end(): void {
    this.#phase = 'unload';
    this.#resolveGone();
  }

  #idle(): void {
    if (this.#leases > 0 || this.#phase !== 'serve') return;
    this.#stopIdling();
    this.#idleTimer = setTimeout(() => void this.unload(), this.options.policy.idleMilliseconds);
    this.#idleTimer.unref();
  }

  #stopIdling(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }
}
