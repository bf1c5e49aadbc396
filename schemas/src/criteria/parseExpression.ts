import {
  create,
  parseDependencies,
  type ConstantNode,
  type FunctionNode,
  type MathNode,
  type OperatorNode,
  type ParenthesisNode,
  type RelationalNode,
  type SymbolNode
} from 'mathjs/number';
import { CriterionError } from './errors.js';
import {
  EXPRESSION_LIMITS,
  type Aggregate,
  type ArithmeticOperator,
  type ComparisonOperator,
  type Expression,
  type WrittenName
} from './expression.js';
import { isQuantity, QUANTITIES, UNITS } from './quantities.js';

/*
 * The parser of mathjs gives a tree; this module takes over what criteria need, node by node, and refuses all else. What
 * runs later is our own tree: nothing of mathjs, so there is no scope, no function and no property to reach.
 */

const { parse } = create({ ...parseDependencies });

/** Nodes that are looked into. */
type KnownNode =
  | ParenthesisNode
  | ConstantNode<string | number | boolean | null | undefined>
  | SymbolNode
  | FunctionNode
  | OperatorNode
  | RelationalNode;

const KNOWN_NODES = new Set([
  'ParenthesisNode',
  'ConstantNode',
  'SymbolNode',
  'FunctionNode',
  'OperatorNode',
  'RelationalNode'
]);

function isKnown(node: MathNode): node is KnownNode {
  return KNOWN_NODES.has(node.type);
}

/** A number in percent; the parser would take a percent sign before a word for a remainder. Quoted names stay. */
const PERCENT = /("[^"]*"|'[^']*')|(\d+(?:\.\d*)?|\.\d+)\s*%(?=\s*(?:$|[)<>=!,+\-*/]|and\b|or\b))/g;

const ARITHMETIC = new Map<string, ArithmeticOperator>([
  ['add', 'add'],
  ['subtract', 'subtract'],
  ['multiply', 'multiply'],
  ['divide', 'divide']
]);

const COMPARISONS = new Map<string, ComparisonOperator>([
  ['smaller', 'smaller'],
  ['smallerEq', 'smallerEq'],
  ['larger', 'larger'],
  ['largerEq', 'largerEq'],
  ['equal', 'equal'],
  ['unequal', 'unequal']
]);

const AGGREGATES = new Map<string, Aggregate>([
  ['min', 'min'],
  ['max', 'max'],
  ['mean', 'mean'],
  ['sum', 'sum']
]);

/** Reads an expression. Throws `CriterionError`; takes time and memory bounded by `EXPRESSION_LIMITS`. */
export function parseExpression(text: string): Expression {
  if (text.length > EXPRESSION_LIMITS.characters) {
    throw tooComplex(`It is longer than ${EXPRESSION_LIMITS.characters} characters.`);
  }
  if (text.trim() === '') throw new CriterionError('criterion.syntax', 'Write a condition, such as: dice >= 0.8');
  return new Reader().read(parseText(text), 1);
}

function parseText(text: string): MathNode {
  try {
    return parse(text.replace(PERCENT, (whole, name?: string, figure?: string) => name ?? `(${figure ?? whole}/100)`));
  } catch (error) {
    if (error instanceof RangeError) throw tooComplex('It is nested too deeply.');
    const said = error instanceof Error ? error.message : String(error);
    throw new CriterionError('criterion.syntax', `This is not an expression: ${said}.`);
  }
}

class Reader {
  #parts = 0;

  read(node: MathNode, depth: number): Expression {
    this.#parts += 1;
    if (depth > EXPRESSION_LIMITS.depth) throw tooComplex('It is nested too deeply.');
    if (this.#parts > EXPRESSION_LIMITS.parts) throw tooComplex('It has too many parts.');
    if (!isKnown(node)) throw notAllowed(WHAT_NODES_DO[node.type] ?? 'This kind of expression');
    switch (node.type) {
      case 'ParenthesisNode':
        return this.read(node.content, depth + 1);
      case 'ConstantNode':
        return constant(node.value);
      case 'SymbolNode':
        return symbol(node.name);
      case 'FunctionNode':
        return this.#call(node.fn, node.args, depth);
      case 'OperatorNode':
        return this.#operator(node.fn, node.op, node.args, depth);
      case 'RelationalNode':
        return this.#comparison(node.conditionals, node.params, depth);
    }
  }

  #call(called: MathNode, args: readonly MathNode[], depth: number): Expression {
    if (!isKnown(called) || called.type !== 'SymbolNode') throw notAllowed('Calling something that is not a name');
    const { name } = called;
    if (isQuantity(name)) return { kind: 'quantity', name, of: args.map(writtenName) };
    const by = AGGREGATES.get(name);
    if (by !== undefined && args.length > 0) {
      return { kind: 'aggregate', by, of: args.map(argument => this.read(argument, depth + 1)) };
    }
    const [only] = args;
    if (name === 'abs' && only !== undefined && args.length === 1) {
      return { kind: 'absolute', of: this.read(only, depth + 1) };
    }
    throw unknownName(name);
  }

  #operator(fn: string, op: string, args: readonly MathNode[], depth: number): Expression {
    const [first, second] = args;
    if (first === undefined) throw notAllowed(`The operator ${op}`);
    if (second === undefined) {
      if (fn === 'unaryPlus') return this.read(first, depth + 1);
      if (fn === 'unaryMinus') return { kind: 'negative', of: this.read(first, depth + 1) };
      if (fn === 'not') return { kind: 'not', of: this.read(first, depth + 1) };
      throw notAllowed(`The operator ${op}`);
    }
    if (COMPARISONS.has(fn)) return this.#comparison([fn], args, depth);
    if (fn === 'pow') return { kind: 'power', of: this.read(first, depth + 1), exponent: exponentOf(second) };
    const left = this.read(first, depth + 1);
    const right = this.read(second, depth + 1);
    if (fn === 'and') return { kind: 'both', left, right };
    if (fn === 'or') return { kind: 'either', left, right };
    const by = ARITHMETIC.get(fn);
    if (by === undefined) throw notAllowed(`The operator ${op}`);
    return { kind: 'arithmetic', by, left, right };
  }

  #comparison(operators: readonly string[], nodes: readonly MathNode[], depth: number): Expression {
    const by = operators.map(operator => {
      const known = COMPARISONS.get(operator);
      if (known === undefined) throw notAllowed(`The comparison ${operator}`);
      return known;
    });
    return { kind: 'comparison', by, of: nodes.map(node => this.read(node, depth + 1)) };
  }
}

function constant(value: unknown): Expression {
  if (typeof value === 'boolean') return { kind: 'truth', value };
  if (typeof value === 'string') {
    throw new CriterionError(
      'criterion.arguments',
      `"${value}" is a name, not a figure: names go into brackets, as in volume("${value}").`
    );
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new CriterionError('criterion.not-allowed', 'Numbers in a criterion must be finite.');
  }
  return { kind: 'number', value };
}

function symbol(name: string): Expression {
  if (isQuantity(name)) return { kind: 'quantity', name, of: [] };
  if (Object.hasOwn(UNITS, name)) return { kind: 'unit', name };
  throw unknownName(name);
}

function writtenName(node: MathNode): WrittenName {
  if (isKnown(node) && node.type === 'SymbolNode') return { text: node.name };
  if (isKnown(node) && node.type === 'ConstantNode' && typeof node.value === 'string') return { text: node.value };
  throw new CriterionError(
    'criterion.arguments',
    'In the brackets of a quantity stand names of segments or readers, in quotes if they hold spaces: volume("left lobe").'
  );
}

function exponentOf(node: MathNode): number {
  const value = isKnown(node) && node.type === 'ConstantNode' ? node.value : null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 3) return value;
  throw notAllowed('A power other than 1, 2 or 3');
}

const WHAT_NODES_DO: Readonly<Record<string, string>> = {
  AccessorNode: 'Reaching into something with a dot or brackets',
  ArrayNode: 'A list',
  AssignmentNode: 'Setting a name (to compare, write ==)',
  BlockNode: 'More than one expression',
  ConditionalNode: 'Choosing with ? and :',
  FunctionAssignmentNode: 'Making a function',
  IndexNode: 'Reaching into something with brackets',
  ObjectNode: 'An object',
  RangeNode: 'A range'
};

function notAllowed(what: string): CriterionError {
  return new CriterionError(
    'criterion.not-allowed',
    `${what} is not possible in a criterion. Use figures, units, + - * /, comparisons, and, or, not.`
  );
}

function tooComplex(why: string): CriterionError {
  return new CriterionError('criterion.too-complex', `${why} Write several criteria instead.`);
}

function unknownName(name: string): CriterionError {
  const known = [...Object.keys(QUANTITIES), ...AGGREGATES.keys(), 'abs', ...Object.keys(UNITS)];
  const close = closest(name, known);
  return new CriterionError(
    'criterion.unknown-name',
    close === null
      ? `There is no "${name}". Quantities are ${Object.keys(QUANTITIES).join(', ')}.`
      : `There is no "${name}". Do you mean ${close}?`
  );
}

/** The known name that differs by case, or by two letters at most. */
export function closest(name: string, known: readonly string[]): string | null {
  const wanted = name.slice(0, 64).toLowerCase();
  let best: string | null = null;
  let least = 3;
  for (const each of known) {
    const changes = editDistance(wanted, each.slice(0, 64).toLowerCase());
    if (changes < least && changes < Math.max(1, each.length / 2)) {
      least = changes;
      best = each;
    }
  }
  return best;
}

/** Letters changed, added, left out or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(changed, swapped, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
