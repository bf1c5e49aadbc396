import type { Store } from '../../../src/store/store.js';

/** Holds back what is appended while `isHeld`, and can let it fail. */
export class Gate {
  isHeld = false;
  fails = false;
  waiting: (() => void)[] = [];

  readonly wrap = (store: Store): Store => ({
    ...store,
    blobs: store.blobs,
    catalogue: store.catalogue,
    close: () => store.close(),
    log: {
      ...store.log,
      append: async (room, author, update) => {
        if (this.isHeld) await new Promise<void>(resolve => this.waiting.push(resolve));
        if (this.fails) throw new Error('The disk is gone.');
        return store.log.append(room, author, update);
      }
    }
  });

  open(): void {
    this.isHeld = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
