import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';

/**
 * How much of the processors a process gets while others want them: somewhat less than they (`soon`: somebody waits for
 * it), little (`low`), or nothing (`spare`; `low` where the system cannot do that).
 */
export type ProcessShare = 'soon' | 'low' | 'spare';

/** Of a process that works in the background. */
export interface BackgroundProcess {
  /** To be called before native code starts its threads: they inherit the share. */
  take(share: ProcessShare): void;
  /** Removes a folder if whoever started this process is killed. */
  removeWhenOrphaned(folder: string): void;
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
      setPriority(share === 'soon' ? constants.priority.PRIORITY_BELOW_NORMAL : constants.priority.PRIORITY_LOW);
      if (share !== 'soon') giveWayInNeed();
      if (share === 'spare') giveWayAtOnce();
    },
    removeWhenOrphaned: folder => watch.postMessage(folder)
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

/**
 * A thread of the lowest priority keeps its processor for some milliseconds after somebody else wants it; one of the idle
 * class gives it up at once. Linux only.
 */
function giveWayAtOnce(): void {
  try {
    execFileSync('chrt', ['--idle', '--all-tasks', '--pid', '0', String(process.pid)], { stdio: 'ignore' });
  } catch {
    // The lowest priority is what remains.
  }
}
