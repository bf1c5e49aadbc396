import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelError } from '../../src/models/errors.js';
import { inspectOnnx } from '../../src/models/onnx/inspectOnnx.js';
import { fixture } from './modelFolders.js';

const SEED = 20261123;
const OPSET = 18;

function network(name: string, file = 'model.onnx'): Uint8Array {
  return readFileSync(path.join(fixture(name), file));
}

function refusal(bytes: Uint8Array, opset = OPSET): string | null {
  try {
    inspectOnnx(bytes, 'model.onnx', opset);
    return null;
  } catch (error) {
    if (error instanceof ModelError) return error.code;
    throw error;
  }
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A length-delimited field of a protobuf message. */
function field(number: number, content: readonly number[] | string): number[] {
  const bytes = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

function number(fieldNumber: number, value: number): number[] {
  return [...varint(fieldNumber * 8), ...varint(value)];
}

const IMPORT = field(8, number(2, OPSET));
const EMPTY_GRAPH = field(7, []);
/** A tensor that says that its values are in another file, in both ways in which that can be said. */
const LOCATION = number(14, 1);
const ENTRY = field(13, [...field(1, 'location'), ...field(2, '/etc/passwd')]);

type Wrap = (inner: number[]) => number[];
const inGraph: Wrap = inner => field(7, inner);
const inNode: Wrap = inner => inGraph(field(1, inner));
const inAttribute: Wrap = inner => inNode(field(5, inner));
/** Every place of onnx.proto in which a tensor can be. */
const PLACES: Readonly<Record<string, Wrap>> = {
  'an initializer': inner => inGraph(field(5, inner)),
  'values of a sparse initializer': inner => inGraph(field(15, field(1, inner))),
  'indices of a sparse initializer': inner => inGraph(field(15, field(2, inner))),
  'a constant': inner => inAttribute(field(5, inner)),
  'a list of constants': inner => inAttribute(field(10, inner)),
  'a sparse constant': inner => inAttribute(field(22, field(1, inner))),
  'a list of sparse constants': inner => inAttribute(field(23, field(2, inner))),
  'a subgraph': inner => inAttribute(field(6, field(5, inner))),
  'a list of subgraphs': inner => inAttribute(field(11, field(5, inner))),
  'a subgraph in a subgraph': inner => inAttribute(field(6, field(1, field(5, field(6, field(5, inner)))))),
  'a function': inner => [...EMPTY_GRAPH, ...field(25, field(7, field(5, field(5, inner))))],
  'a default of a function': inner => [...EMPTY_GRAPH, ...field(25, field(11, field(5, inner)))],
  'the initialization of a training': inner => [...EMPTY_GRAPH, ...field(20, field(1, field(5, inner)))],
  'the algorithm of a training': inner => [...EMPTY_GRAPH, ...field(20, field(2, field(5, inner)))],
  'a second graph, which is joined with the first': inner => [...EMPTY_GRAPH, ...inGraph(field(5, inner))]
};

describe('weights in another file are refused', () => {
  test.each(['external-data', 'external-data-nested', 'external-data-function'])('in the model %s', name => {
    expect(refusal(network(name))).toBe('model.external-data');
  });

  test.each(Object.entries(PLACES))('in %s', (_, wrap) => {
    const tensor = [...number(2, 1), ...field(8, 'weights')];
    expect(refusal(Uint8Array.from([...IMPORT, ...wrap(tensor)]))).toBeNull();
    expect(refusal(Uint8Array.from([...IMPORT, ...wrap([...tensor, ...LOCATION])]))).toBe('model.external-data');
    expect(refusal(Uint8Array.from([...IMPORT, ...wrap([...tensor, ...ENTRY])]))).toBe('model.external-data');
    // A place that says first that they are elsewhere, and then that they are not.
    expect(refusal(Uint8Array.from([...IMPORT, ...wrap([...LOCATION, ...number(14, 0)])]))).toBe('model.external-data');
  });
});

test('the opset of a network is the one that its description says, and one that can be run', () => {
  expect(refusal(network('threshold'))).toBeNull();
  expect(refusal(network('threshold'), 17)).toBe('model.opset');
  const says = (...opsets: number[][]): Uint8Array => Uint8Array.from([...opsets.flat(), ...EMPTY_GRAPH]);
  const imports = (version: number, domain = ''): number[] => field(8, [...field(1, domain), ...number(2, version)]);
  expect(refusal(says(imports(7)), 7)).toBeNull();
  expect(refusal(says(imports(26, 'ai.onnx')), 26)).toBeNull();
  expect(refusal(says(imports(6)), 6)).toBe('model.opset');
  expect(refusal(says(imports(27)), 27)).toBe('model.opset');
  expect(refusal(says())).toBe('model.opset');
  expect(refusal(says(imports(18, 'ai.onnx.ml')))).toBe('model.opset');
  expect(refusal(says(imports(18), imports(20, 'ai.onnx')))).toBe('model.opset');
});

test('operators are those of ONNX or functions of the file itself', () => {
  expect(refusal(network('custom-domain'))).toBe('model.operators');
  const node = inNode([...field(4, 'Scale'), ...field(7, 'pkg.torch')]);
  const define = (name: string, domain: string): number[] => field(25, [...field(1, name), ...field(10, domain)]);
  expect(refusal(Uint8Array.from([...IMPORT, ...node]))).toBe('model.operators');
  expect(refusal(Uint8Array.from([...IMPORT, ...node, ...define('Another', 'pkg.torch')]))).toBe('model.operators');
  expect(refusal(Uint8Array.from([...IMPORT, ...node, ...define('Scale', 'pkg.other')]))).toBe('model.operators');
  expect(refusal(Uint8Array.from([...IMPORT, ...node, ...define('Scale', 'pkg.torch')]))).toBeNull();
  const nested = inAttribute(field(6, field(1, [...field(4, 'Secret'), ...field(7, 'com.example')])));
  expect(refusal(Uint8Array.from([...IMPORT, ...nested]))).toBe('model.operators');
});

// ONNX Runtime takes its own operator then, whatever the function says.
test.each(['com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc', 'ai.onnx.ml', 'org.pytorch.aten'])(
  'a function does not make an operator of %s one of the file',
  domain => {
    const node = inNode([...field(4, 'EPContext'), ...field(7, domain)]);
    const definition = field(25, [...field(1, 'EPContext'), ...field(10, domain)]);
    expect(refusal(Uint8Array.from([...IMPORT, ...node, ...definition]))).toBe('model.operators');
  }
);

describe('what is no ONNX file is refused', () => {
  test.each([
    ['nothing', Uint8Array.of()],
    ['a text', Buffer.from('this is no network, but a text')],
    ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0)],
    ['a network that is cut short', network('threshold').subarray(0, 100)],
    ['no graph', Uint8Array.from(IMPORT)],
    ['a number without end', new Uint8Array(64).fill(0x80)],
    ['a length beyond the file', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['an old-fashioned group', Uint8Array.of(0x3b)]
  ])('%s', (_, bytes) => expect(refusal(bytes)).toBe('model.not-onnx'));

  // A text before the network, which is a valid one: but ONNX Runtime looks at these four bytes first.
  test('one that ONNX Runtime would read as its own format', () => {
    const after = (text: string): Uint8Array => Uint8Array.from([...field(2, text), ...network('threshold')]);
    expect(refusal(after('__ORTX and more'))).toBeNull();
    expect(refusal(after('__ORTM and more'))).toBe('model.not-onnx');
  });

  test('subgraphs without end', () => {
    let graph: number[] = [];
    for (let depth = 0; depth < 40; depth += 1) graph = field(1, field(5, field(6, graph)));
    expect(refusal(Uint8Array.from([...IMPORT, ...inGraph(graph)]))).toBe('model.not-onnx');
  });
});

test('whatever bytes come, a network is taken or refused', () => {
  const originals = [network('threshold'), network('external-data-nested'), network('slow')];
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255), how: fc.constantFrom('replace', 'insert', 'cut') });
  const seen = new Set<string | null>();
  fc.assert(
    fc.property(
      fc.constantFrom(...originals),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      (original, changes) => {
        const bytes = [...original];
        for (const { at, byte, how } of changes) {
          const place = at % bytes.length;
          if (how === 'replace') bytes[place] = byte;
          else if (how === 'insert') bytes.splice(place, 0, byte);
          else bytes.splice(place, 1);
        }
        seen.add(refusal(Uint8Array.from(bytes)));
      }
    ),
    { seed: SEED, numRuns: 3000 }
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void refusal(bytes)),
    { seed: SEED, numRuns: 2000 }
  );
  expect([...seen].filter(code => code !== null)).toContain('model.not-onnx');
  expect(seen).toContain(null);
});
