import { ModelError } from '../errors.js';
import { NEWEST_OPSET, OLDEST_OPSET } from '../limits.js';
import { WireError, wireFields } from './wireReader.js';

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'training' | 'function';

/**
 * Which fields of which messages of onnx.proto hold messages that matter here: all ways from a model to a tensor or a
 * node, through subgraphs, functions and constants. Numbers of fields never change their meaning in protobuf.
 */
const WAYS: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {}
};

const NODE_OPERATOR = 4;
const NODE_DOMAIN = 7;
const TENSOR_EXTERNAL_DATA = 13;
const TENSOR_LOCATION = 14;
const FUNCTION_NAME = 1;
const FUNCTION_DOMAIN = 10;
const MODEL_OPSET = 8;
const OPSET_DOMAIN = 1;
const OPSET_VERSION = 2;

/** What ONNX Runtime knows its own format by, and where. A file of ONNX may hold these bytes, but would be read as that. */
const OTHER_FORMAT = 'ORTM';
const OTHER_FORMAT_AT = 4;

const MOST_NESTED = 64;
/** The default domain has two names. */
const DEFAULT_DOMAINS: readonly string[] = ['', 'ai.onnx'];
/** Domains that ONNX Runtime has operators of its own for: a function of the same name would not be taken in their place. */
const TAKEN_DOMAINS = /^(ai\.onnx|com\.microsoft|com\.ms|org\.pytorch)(\.|$)/;

interface Found {
  hasGraph: boolean;
  readonly opsets: number[];
  /** Of nodes, outside the default domain. */
  readonly operators: Set<string>;
  /** Operators that the file defines itself, in domains that nobody else has operators for. */
  readonly functions: Set<string>;
}

/**
 * Checks the bytes of an ONNX file before anything loads them: that it is one, that it needs the opset that it should,
 * that its nodes are those of the standard or functions in domains of its own, and that no tensor, however deep, lives in another
 * file. Throws `ModelError` (`model.not-onnx`, `model.opset`, `model.operators`, `model.external-data`).
 *
 * @param name of the file, for texts
 * @param opset that `model.json` says
 */
export function inspectOnnx(bytes: Uint8Array, name: string, opset: number): void {
  const marked = String.fromCharCode(...bytes.subarray(OTHER_FORMAT_AT, OTHER_FORMAT_AT + OTHER_FORMAT.length));
  if (marked === OTHER_FORMAT) {
    throw new ModelError('model.not-onnx', `${name} is in the format of ONNX Runtime. Export it as ONNX.`);
  }
  const found: Found = { hasGraph: false, opsets: [], operators: new Set(), functions: new Set() };
  try {
    walk('model', bytes, 0, name, found);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new ModelError('model.not-onnx', `${name} is no ONNX file, or it is damaged. Export or copy it again.`, {
      cause
    });
  }
  if (!found.hasGraph) {
    throw new ModelError('model.not-onnx', `${name} is no ONNX file: it holds no network. Export it again.`);
  }
  checkOpset(found.opsets, name, opset);
  for (const operator of found.operators) {
    if (found.functions.has(operator)) continue;
    throw new ModelError(
      'model.operators',
      `${name} needs the operator ${operator}, which is not part of ONNX. Export it with standard operators.`
    );
  }
}

function checkOpset(opsets: readonly number[], name: string, opset: number): void {
  const [own] = opsets;
  if (own === undefined || opsets.some(other => other !== own)) {
    throw new ModelError('model.opset', `${name} does not say which opset of ONNX it needs. Export it again.`);
  }
  if (own !== opset) {
    throw new ModelError(
      'model.opset',
      `${name} needs opset ${own}, but model.json says ${opset}. Correct model.json.`
    );
  }
  if (own >= OLDEST_OPSET && own <= NEWEST_OPSET) return;
  throw new ModelError(
    'model.opset',
    `${name} needs opset ${own}. Export it with one of ${OLDEST_OPSET} to ${NEWEST_OPSET}.`
  );
}

function walk(message: Message, bytes: Uint8Array, depth: number, name: string, found: Found): void {
  if (depth > MOST_NESTED) throw new WireError('Messages are nested too deeply.');
  let domain = '';
  let called = '';
  for (const { number, value } of wireFields(bytes)) {
    const inner = WAYS[message][number];
    if (inner !== undefined) {
      if (message === 'model' && inner === 'graph') found.hasGraph = true;
      walk(inner, bytesOf(value), depth + 1, name, found);
    } else if (message === 'tensor') {
      if (number === TENSOR_EXTERNAL_DATA || (number === TENSOR_LOCATION && value !== 0)) throw externalData(name);
    } else if (message === 'node') {
      if (number === NODE_DOMAIN) domain = textOf(value);
      if (number === NODE_OPERATOR) called = textOf(value);
    } else if (message === 'function') {
      if (number === FUNCTION_DOMAIN) domain = textOf(value);
      if (number === FUNCTION_NAME) called = textOf(value);
    } else if (message === 'model' && number === MODEL_OPSET) {
      const imported = readOpset(bytesOf(value));
      if (DEFAULT_DOMAINS.includes(imported.domain)) found.opsets.push(imported.version);
    }
  }
  if (message === 'function' && !TAKEN_DOMAINS.test(domain)) found.functions.add(`${domain}.${called}`);
  if (message === 'node' && !DEFAULT_DOMAINS.includes(domain)) found.operators.add(`${domain}.${called}`);
}

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  for (const { number, value } of wireFields(bytes)) {
    if (number === OPSET_DOMAIN) domain = textOf(value);
    if (number === OPSET_VERSION && typeof value === 'number') version = value;
  }
  return { domain, version };
}

function bytesOf(value: number | Uint8Array | null): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new WireError('A message is expected here.');
}

function textOf(value: number | Uint8Array | null): string {
  return new TextDecoder().decode(bytesOf(value));
}

function externalData(name: string): ModelError {
  return new ModelError(
    'model.external-data',
    `${name} keeps weights in another file. Export it as one file, with all weights inside.`
  );
}
