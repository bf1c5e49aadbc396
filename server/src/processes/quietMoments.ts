import type { ChildProcess } from 'node:child_process';

/** Milliseconds that one moment lasts: as long as a stroke takes to be stored and told to everybody. */
const MOMENT = 6;
/** Milliseconds after which processes go on, however much there is to do. */
const LONGEST = 30;

/**
 * Moments in which processes of the background stand still, so that something short has the processors to itself: where
 * two processors are threads of one core, even a process that has only spare time makes the other one slower. They stand
 * still for half of the time at most.
 */
export class QuietMoments {
  readonly #processes = new Set<ChildProcess>();
  #timer: NodeJS.Timeout | null = null;
  #begunAt = -Infinity;
  #endedAt = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** From now until it ends, this process stands still in each moment. It must not outlive this process. */
  include(child: ChildProcess): void {
    this.#processes.add(child);
    child.once('exit', () => this.#processes.delete(child));
  }

  /** Something short begins. */
  begin(): void {
    if (this.#processes.size === 0) return;
    const now = this.now();
    if (this.#timer === null) {
      // Who stood still for so long works for as long.
      if (now - this.#endedAt < this.#endedAt - this.#begunAt) return;
      this.#begunAt = now;
      this.#tell('SIGSTOP');
    } else {
      clearTimeout(this.#timer);
    }
    const left = Math.min(MOMENT, this.#begunAt + LONGEST - now);
    this.#timer = setTimeout(() => this.#end(), Math.max(0, left));
  }

  #end(): void {
    this.#timer = null;
    this.#endedAt = this.now();
    this.#tell('SIGCONT');
  }

  #tell(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const child of this.#processes) child.kill(signal);
  }
}
