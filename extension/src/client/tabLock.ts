const PREFIX = 'voxcord-tab-';
/** Who asks after a tab must not be taken for it by another who asks at the same time: shared locks get on together. */
const QUESTION = { mode: 'shared' } as const;

/**
 * The identity of this browser tab. It holds a Web Lock for as long as the tab lives, so that others can tell whether
 * the tab that left something behind is gone.
 */
export class TabLock {
  readonly id = newTabId();
  private readonly life = Promise.withResolvers<undefined>();

  constructor(private readonly locks: LockManager | null = browserLocks()) {
    void this.locks?.request(PREFIX + this.id, () => this.life.promise).catch(() => undefined);
  }

  /**
   * True if the tab `id` is gone. Without Web Locks (pages without TLS) every other tab counts as gone: the same work
   * may then be sent twice, which changes nothing, rather than never.
   */
  async isGone(id: string): Promise<boolean> {
    if (id === this.id) return false;
    if (this.locks === null) return true;
    return this.locks.request(PREFIX + id, { ...QUESTION, ifAvailable: true }, lock => Promise.resolve(lock !== null));
  }

  /** Resolves when the tab `id` is gone. Rejects with the reason of `signal`. */
  async whenGone(id: string, signal: AbortSignal): Promise<void> {
    await this.locks?.request(PREFIX + id, { ...QUESTION, signal }, () => undefined);
  }

  dispose(): void {
    this.life.resolve(undefined);
  }
}

function browserLocks(): LockManager | null {
  return typeof navigator !== 'undefined' && 'locks' in navigator ? navigator.locks : null;
}

function newTabId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('');
}
