import type { Writable } from 'node:stream';

/** Why a command did not do its work. */
export interface Failure {
  readonly exitCode: 1 | 2;
  /** Stable, for programs: `usage`, `internal`, or what was refused. */
  readonly code: string;
  /** What happened and what to do; null if that is said already. */
  readonly detail: string | null;
}

/**
 * Results go to standard output, everything else to standard error. With JSON a program reads both: then standard error has
 * notes only for somebody who looks at it, and a failure is one line of JSON.
 */
export class Output {
  private lastPercent = -1;

  constructor(
    private readonly stdout: Writable,
    private readonly stderr: Writable & { readonly isTTY?: boolean },
    /** Results as JSON for programs, else as text for people. */
    private readonly asJson: boolean
  ) {}

  /** The result of a command; printed once. */
  result(value: object, text: string): void {
    this.stdout.write(this.asJson ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  note(text: string): void {
    if (this.asJson && this.stderr.isTTY !== true) return;
    this.stderr.write(`${text}\n`);
  }

  failure({ exitCode, code, detail }: Failure): void {
    if (detail === null) return;
    if (this.asJson) {
      const title = exitCode === 2 ? 'Wrong usage' : code === 'internal' ? 'Failed' : 'Refused';
      this.stderr.write(`${JSON.stringify({ type: 'about:blank', title, code, detail, exitCode })}\n`);
    } else {
      const isPlain = code === 'usage' || code === 'internal' || code === 'refused';
      this.stderr.write(`error${isPlain ? '' : ` (${code})`}: ${detail}\n`);
    }
  }

  /** Progress of something that takes seconds, 0 to 1; a line for each tenth. */
  progress(what: string, fraction: number): void {
    const percent = Math.floor(fraction * 10) * 10;
    if (percent === this.lastPercent) return;
    this.lastPercent = percent;
    this.note(`${what}: ${percent} %`);
  }
}
