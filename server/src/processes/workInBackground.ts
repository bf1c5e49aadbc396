import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';

/** What a process gets of the processors while others want them: somewhat less than they (somebody waits for it), or little. */
export type ProcessShare = 'some' | 'little';

/** Of a process that works in the background. */
export interface BackgroundProcess {
  /** To be called before native code starts its threads: they inherit the share. */
  take(share: ProcessShare): void;
  /** From when it resolves on, a folder is removed if whoever started this process is killed. */
  removeWhenOrphaned(folder: string): Promise<void>;
}

/**
 * To be called first by a process that this program starts with a pipe as its standard input: it ends with the one that
 * started it, even if that is killed, and not with a Ctrl-C, which goes to all processes of a terminal.
 */
export function workInBackground(): BackgroundProcess {
  const watch = new Worker(compiledModule(import.meta.url, 'parentWatch'));
  watch.unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  return {
    take: share => {
      setPriority(share === 'some' ? constants.priority.PRIORITY_BELOW_NORMAL : constants.priority.PRIORITY_LOW);
      if (share === 'little') giveWayInNeed();
    },
    removeWhenOrphaned: async folder => {
      const isKnown = once(watch, 'message');
      watch.postMessage(folder);
      await isKnown;
    }
  };
}

/** If memory runs out, the system ends this process and not the service. Linux only, and only where it is allowed. */
function giveWayInNeed(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // The system then decides by itself.
  }
}
