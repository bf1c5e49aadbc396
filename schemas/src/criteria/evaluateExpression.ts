import { CriterionError } from './errors.js';
import type { Aggregate, ComparisonOperator, Expression } from './expression.js';
import { isQuantity, QUANTITIES, UNITS } from './quantities.js';
import { resolveAsked, type Asked, type Vocabulary } from './vocabulary.js';

/** What quantities are, in one case. */
export interface Figures extends Vocabulary {
  /**
   * Values in mm and mm³, one for each segment, pair, reader or lesion that the quantity is asked for. A text in place
   * of a value says why there is none: the quantity as a whole has none then.
   */
  valuesOf(asked: Asked): readonly (number | string)[];
}

/** A quantity in an expression, as it was evaluated. */
export interface EvaluatedQuantity {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
}

/** A figure with its power of length, and the values that it was made of. */
interface Figure {
  readonly value: number;
  readonly power: number;
  readonly values: readonly number[];
}

type Result = Figure | boolean;

/** Figures that differ by no more than this share of the larger one are equal, as in mathjs. */
const RELATIVE_TOLERANCE = 1e-12;

/** Evaluates expressions over the figures of one case, and notes which quantities were used. */
export class Evaluation {
  readonly quantities = new Map<string, EvaluatedQuantity>();

  constructor(private readonly figures: Figures) {}

  condition(expression: Expression): boolean {
    const result = this.#evaluate(expression);
    if (typeof result === 'boolean') return result;
    throw new CriterionError(
      'criterion.not-a-condition',
      'This is a figure, not a condition. Compare it with something: dice >= 0.8'
    );
  }

  /** A figure in mm, mm³ or without unit. */
  figure(expression: Expression): { readonly value: number; readonly power: number } {
    const result = this.#evaluate(expression);
    if (typeof result !== 'boolean') return result;
    throw new CriterionError('criterion.not-a-condition', 'This is a condition, where a figure is needed.');
  }

  #evaluate(expression: Expression): Result {
    switch (expression.kind) {
      case 'number':
        return plain(expression.value, 0);
      case 'truth':
        return expression.value;
      case 'unit':
        return unit(expression.name);
      case 'quantity':
        return this.#quantity(expression);
      case 'aggregate':
        return this.#aggregate(expression.by, expression.of);
      case 'absolute':
        return this.#map(expression.of, Math.abs);
      case 'negative':
        return this.#map(expression.of, value => -value);
      case 'power':
        return this.#power(expression.of, expression.exponent);
      case 'arithmetic':
        return this.#arithmetic(expression);
      case 'comparison':
        return this.#comparison(expression.by, expression.of);
      case 'not':
        return !this.condition(expression.of);
      case 'both': {
        // Both sides are looked at, so that an error on the right is found whatever the left one says.
        const left = this.condition(expression.left);
        return this.condition(expression.right) && left;
      }
      case 'either': {
        const left = this.condition(expression.left);
        return this.condition(expression.right) || left;
      }
    }
  }

  #figure(expression: Expression): Figure {
    const result = this.#evaluate(expression);
    if (typeof result !== 'boolean') return result;
    throw new CriterionError(
      'criterion.units',
      'A condition is used as a figure. Put brackets around comparisons and join them with and, or.'
    );
  }

  #quantity({ name, of }: Extract<Expression, { kind: 'quantity' }>): Figure {
    if (!isQuantity(name)) throw new CriterionError('criterion.unknown-name', `There is no quantity "${name}".`);
    const { power, worst } = QUANTITIES[name];
    const written = of.length === 0 ? name : `${name}(${of.map(({ text }) => printName(text)).join(', ')})`;
    const values: number[] = [];
    const given = this.figures.valuesOf(resolveAsked(name, of, this.figures));
    const reason = given.find(value => typeof value === 'string');
    for (const value of given) if (typeof value === 'number') values.push(value);
    if (reason !== undefined || values.length === 0) {
      this.quantities.set(written, { name: written, value: null, unit: unitOf(power) });
      throw new CriterionError(
        'criterion.no-value',
        `${written} has no value: ${reason ?? 'there is nothing to measure'}.`
      );
    }
    const value = aggregate(worst, values);
    this.quantities.set(written, { name: written, value: inUnit(value, power), unit: unitOf(power) });
    return { value, power, values };
  }

  /** `mean(dice)` is over all values of the quantity; `max(a, b)` over the figures in the brackets. */
  #aggregate(by: Aggregate, of: readonly Expression[]): Figure {
    const figures = of.map(each => this.#figure(each));
    const [first, ...others] = figures;
    if (first === undefined) throw new CriterionError('criterion.arguments', `${by} needs something in its brackets.`);
    for (const other of others) checkSame(first.power, other.power);
    const values = others.length === 0 ? first.values : figures.map(({ value }) => value);
    return plain(aggregate(by, values), first.power);
  }

  #map(of: Expression, change: (value: number) => number): Figure {
    const { value, power, values } = this.#figure(of);
    return { value: change(value), power, values: values.map(change) };
  }

  #power(of: Expression, exponent: number): Figure {
    const base = this.#figure(of);
    return plain(finite(base.value ** exponent), base.power * exponent);
  }

  #arithmetic({ by, left, right }: Extract<Expression, { kind: 'arithmetic' }>): Figure {
    const a = this.#figure(left);
    const b = this.#figure(right);
    switch (by) {
      case 'add':
        checkSame(a.power, b.power);
        return plain(finite(a.value + b.value), a.power);
      case 'subtract':
        checkSame(a.power, b.power);
        return plain(finite(a.value - b.value), a.power);
      case 'multiply':
        return plain(finite(a.value * b.value), a.power + b.power);
      case 'divide':
        if (b.value === 0) throw new CriterionError('criterion.no-value', 'It divides by zero here.');
        return plain(finite(a.value / b.value), a.power - b.power);
    }
  }

  #comparison(operators: readonly ComparisonOperator[], of: readonly Expression[]): boolean {
    const figures = of.map(each => this.#figure(each));
    let holds = true;
    for (const [index, operator] of operators.entries()) {
      const left = figures[index];
      const right = figures[index + 1];
      if (left === undefined || right === undefined) continue;
      checkSame(left.power, right.power);
      holds = compare(operator, left.value, right.value) && holds;
    }
    return holds;
  }
}

function plain(value: number, power: number): Figure {
  return { value, power, values: [value] };
}

function unit(name: string): Figure {
  const found = UNITS[name];
  if (found === undefined) throw new CriterionError('criterion.unknown-name', `There is no unit "${name}".`);
  return plain(found.factor, found.power);
}

function aggregate(by: Aggregate, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (by) {
    case 'min':
      return values.reduce((least, value) => Math.min(least, value), Infinity);
    case 'max':
      return values.reduce((most, value) => Math.max(most, value), -Infinity);
    case 'mean':
      return sum / values.length;
    case 'sum':
      return sum;
  }
}

function compare(operator: ComparisonOperator, a: number, b: number): boolean {
  const isEqual = a === b || Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  switch (operator) {
    case 'smaller':
      return a < b && !isEqual;
    case 'smallerEq':
      return a < b || isEqual;
    case 'larger':
      return a > b && !isEqual;
    case 'largerEq':
      return a > b || isEqual;
    case 'equal':
      return isEqual;
    case 'unequal':
      return !isEqual;
  }
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new CriterionError('criterion.no-value', 'A figure in it grows beyond all bounds.');
}

function checkSame(a: number, b: number): void {
  if (a === b) return;
  throw new CriterionError(
    'criterion.units',
    `It compares or adds ${describePower(a)} and ${describePower(b)}. Give numbers their unit: hd95 <= 5 mm, volume(tumour) > 1 ml.`
  );
}

function describePower(power: number): string {
  switch (power) {
    case 0:
      return 'a plain number';
    case 1:
      return 'a length';
    case 2:
      return 'an area';
    case 3:
      return 'a volume';
    default:
      return `something in mm^${power}`;
  }
}

/** In what unit figures are told. */
export function unitOf(power: number): string {
  return power === 0 ? '' : power === 1 ? 'mm' : power === 3 ? 'ml' : `mm^${power}`;
}

/** A value in mm or mm³ in the unit that figures are told in. */
export function inUnit(value: number, power: number): number {
  return power === 3 ? value / 1000 : value;
}

function printName(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^[A-Z]{1,2}$/.test(text) ? text : `"${text}"`;
}
