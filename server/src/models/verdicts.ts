import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { ModelError, type ModelErrorCode } from './errors.js';

/** Counts up when checks become stricter: everything is checked anew then. */
const CHECKS = 2;
/** The newest that are remembered. */
const MOST = 2000;
/** What the model itself is to blame for; anything else may go better another time. */
const LASTING: ReadonlySet<ModelErrorCode> = new Set<ModelErrorCode>([
  'model.not-onnx',
  'model.opset',
  'model.external-data',
  'model.operators',
  'model.tensors',
  'model.shape',
  'model.not-finite',
  'model.not-probabilities'
]);

const Verdict = Type.Union([
  Type.Null(),
  Type.Object({ code: Type.String(), text: Type.String() }, { additionalProperties: false })
]);
type Verdict = Static<typeof Verdict>;

const VerdictFile = Type.Object(
  { checks: Type.Integer(), runtime: Type.String(), verdicts: Type.Array(Type.Tuple([Type.String(), Verdict])) },
  { additionalProperties: false }
);

/**
 * What the trials of models have found, by the hash of their content: a model is tried once, not at each start. A file that
 * cannot be read or written costs time and nothing else.
 */
export class Verdicts {
  private readonly known = new Map<string, Verdict>();
  private writing: Promise<void> = Promise.resolve();

  private constructor(private readonly file: string) {}

  static async open(file: string): Promise<Verdicts> {
    const verdicts = new Verdicts(file);
    const stored = await readStored(file);
    if (stored?.checks === CHECKS && stored.runtime === runtimeVersion()) {
      for (const [sha256, verdict] of stored.verdicts) verdicts.known.set(sha256, verdict);
    }
    return verdicts;
  }

  /** The outcome of `trial`, which runs only if it is not known. Rejects with what it rejects with. */
  async of(sha256: string, trial: () => Promise<void>): Promise<void> {
    const known = this.known.get(sha256);
    if (known === null) return;
    if (known !== undefined && isLasting(known.code)) throw new ModelError(known.code, known.text);
    try {
      await trial();
      await this.remember(sha256, null);
    } catch (error) {
      if (error instanceof ModelError && isLasting(error.code)) {
        await this.remember(sha256, { code: error.code, text: error.message });
      }
      throw error;
    }
  }

  private remember(sha256: string, verdict: Verdict): Promise<void> {
    this.known.delete(sha256);
    this.known.set(sha256, verdict);
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const verdicts = [...this.known].slice(-MOST);
    const part = `${this.file}.${randomUUID()}.part`;
    try {
      await writeFile(part, JSON.stringify({ checks: CHECKS, runtime: runtimeVersion(), verdicts }), { flag: 'wx' });
      await rename(part, this.file);
    } catch {
      await rm(part, { force: true });
    }
  }
}

async function readStored(file: string): Promise<Static<typeof VerdictFile> | null> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Value.Check(VerdictFile, content) ? content : null;
  } catch {
    return null;
  }
}

function isLasting(code: string): code is ModelErrorCode {
  return (LASTING as ReadonlySet<string>).has(code);
}

/** Read from its package: the library itself is loaded by child processes only. */
function runtimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
