import type { Writable } from 'node:stream';

/** Results go to standard output, everything else to standard error. */
export class Output {
  private lastPercent = -1;

  constructor(
    private readonly stdout: Writable,
    private readonly stderr: Writable,
    /** Results as JSON for programs, else as text for people. */
    private readonly asJson: boolean
  ) {}

  /** The result of a command; printed once. */
  result(value: object, text: string): void {
    this.stdout.write(this.asJson ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /** Progress of something that takes seconds, 0 to 1; a line for each tenth. */
  progress(what: string, fraction: number): void {
    const percent = Math.floor(fraction * 10) * 10;
    if (percent === this.lastPercent) return;
    this.lastPercent = percent;
    this.note(`${what}: ${percent} %`);
  }
}
