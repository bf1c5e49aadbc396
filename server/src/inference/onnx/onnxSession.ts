import * as onnxruntime from 'onnxruntime-node';
import { InferenceError } from '../errors.js';

/*
 * The only module that knows ONNX Runtime. Native code runs on the thread that asks for it, cannot be interrupted there and
 * takes the process down if it crashes: so this is imported by child processes only.
 */

/** float32, the last axis fastest. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What a network says of one of its inputs or outputs. */
export interface TensorDescription {
  readonly name: string;
  /** As ONNX Runtime names it: `float32`, `int64` ...; null if it is no tensor. */
  readonly type: string | null;
  /** Null: any length. */
  readonly dims: readonly (number | null)[];
}

export interface SessionOptions {
  /** Threads within an operator. Without it as many as ONNX Runtime takes by itself: one per core. */
  readonly threads?: number;
}

/** An opened network. Calls of `run` follow each other; each blocks the thread until the network has answered. */
export interface OnnxSession {
  /** The execution provider that was asked for first. */
  readonly provider: string;
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  /**
   * All outputs, or only those in `wanted`. Throws `InferenceError`: `inference.wrong-shape` if an output is not float32
   * or the network refuses what it is fed, `inference.no-memory`.
   *
   * @param into outputs that are written over: those of an earlier run that had the same lengths
   */
  run(
    feeds: ReadonlyMap<string, Tensor>,
    wanted?: readonly string[],
    into?: ReadonlyMap<string, Tensor>
  ): Promise<ReadonlyMap<string, Tensor>>;
  close(): Promise<void>;
}

/** Of the library that runs networks; for provenance. */
export const RUNTIME = `onnxruntime-node ${onnxruntime.env.versions.node ?? 'unknown'}`;

const ERRORS_ONLY = 3;

/** Execution providers that this build of ONNX Runtime has. */
export function providersHere(): string[] {
  return onnxruntime.listSupportedBackends().map(({ name }) => name);
}

/**
 * Opens a network from the bytes of its file; nothing else is read. Throws `InferenceError`: `inference.no-provider`,
 * `inference.not-an-onnx`, `inference.no-memory`.
 *
 * @param providers names of execution providers, the preferred one first (`cpu`, `cuda`, `coreml` ...)
 */
export async function openSession(
  bytes: Uint8Array,
  providers: readonly string[],
  options: SessionOptions = {}
): Promise<OnnxSession> {
  const here = providersHere();
  const missing = providers.find(name => !here.includes(name));
  if (missing !== undefined || providers.length === 0) {
    throw new InferenceError(
      'inference.no-provider',
      `The execution provider ${missing ?? '(none)'} is not on this machine. Use one of ${here.join(', ')}.`
    );
  }
  const threads = options.threads === undefined ? {} : { intraOpNumThreads: options.threads };
  try {
    const session = await onnxruntime.InferenceSession.create(bytes, {
      executionProviders: [...providers],
      logSeverityLevel: ERRORS_ONLY,
      ...threads
    });
    return new Session(session, providers[0] ?? '');
  } catch (cause) {
    throw failure(cause, 'inference.not-an-onnx', 'ONNX Runtime cannot open the weights');
  }
}

class Session implements OnnxSession {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];

  constructor(
    private readonly session: onnxruntime.InferenceSession,
    readonly provider: string
  ) {
    this.inputs = session.inputMetadata.map(describe);
    this.outputs = session.outputMetadata.map(describe);
  }

  async run(
    feeds: ReadonlyMap<string, Tensor>,
    wanted: readonly string[] = this.session.outputNames,
    into?: ReadonlyMap<string, Tensor>
  ): Promise<ReadonlyMap<string, Tensor>> {
    const given = Object.fromEntries([...feeds].map(([name, tensor]) => [name, wrapped(tensor)]));
    const asked = Object.fromEntries(
      wanted.map(name => {
        const place = into?.get(name);
        return [name, place === undefined ? null : wrapped(place)];
      })
    );
    const found = await this.answer(given, asked);
    const tensors = new Map<string, Tensor>();
    for (const [name, { type, dims, data }] of Object.entries(found)) {
      if (!(data instanceof Float32Array)) {
        throw new InferenceError(
          'inference.wrong-shape',
          `The output "${name}" of the network holds ${type}, not float32. Export the model with float32 outputs.`
        );
      }
      tensors.set(name, { dims, data });
    }
    return tensors;
  }

  private async answer(
    given: Record<string, onnxruntime.Tensor>,
    asked: Record<string, onnxruntime.Tensor | null>
  ): Promise<onnxruntime.InferenceSession.OnnxValueMapType> {
    try {
      return await this.session.run(given, asked);
    } catch (cause) {
      throw failure(cause, 'inference.wrong-shape', 'The network does not take what its description says');
    }
  }

  close(): Promise<void> {
    return this.session.release();
  }
}

function wrapped({ dims, data }: Tensor): onnxruntime.Tensor {
  return new onnxruntime.Tensor('float32', data, dims);
}

function describe(metadata: onnxruntime.InferenceSession.ValueMetadata): TensorDescription {
  if (!metadata.isTensor) return { name: metadata.name, type: null, dims: [] };
  const dims = metadata.shape.map(length => (typeof length === 'number' ? length : null));
  return { name: metadata.name, type: metadata.type, dims };
}

/** ONNX Runtime tells what failed in words only. */
function failure(
  cause: unknown,
  code: 'inference.not-an-onnx' | 'inference.wrong-shape',
  text: string
): InferenceError {
  const told = cause instanceof Error ? cause.message : String(cause);
  if (/ExecutionProvider|shared library/i.test(told)) {
    return new InferenceError(
      'inference.no-provider',
      `The execution provider cannot be used on this machine (${told}). Install what it needs, or use cpu.`,
      { cause }
    );
  }
  if (/bad.?alloc|failed to allocate|out of memory/i.test(told)) {
    return new InferenceError(
      'inference.no-memory',
      'The network needs more memory than there is. Run it on a machine with more, or give the model a smaller window.',
      { cause }
    );
  }
  return new InferenceError(code, `${text}: ${told}`, { cause });
}
