/** Arithmetic of figures. */
export type ArithmeticOperator = 'add' | 'subtract' | 'multiply' | 'divide';
/** Comparisons of figures of one unit. */
export type ComparisonOperator = 'smaller' | 'smallerEq' | 'larger' | 'largerEq' | 'equal' | 'unequal';
/** How several values become one. */
export type Aggregate = 'min' | 'max' | 'mean' | 'sum';

/** A name of a segment or of a reader, as it was written. */
export interface WrittenName {
  readonly text: string;
}

/** An expression with nothing in it but what criteria need. Lengths are in mm, volumes in mm³. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'unit'; readonly name: string }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'quantity'; readonly name: string; readonly of: readonly WrittenName[] }
  | { readonly kind: 'aggregate'; readonly by: Aggregate; readonly of: readonly Expression[] }
  | { readonly kind: 'absolute'; readonly of: Expression }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly by: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'power'; readonly of: Expression; readonly exponent: number }
  | {
      readonly kind: 'comparison';
      readonly by: readonly ComparisonOperator[];
      readonly of: readonly Expression[];
    }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'both'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'either'; readonly left: Expression; readonly right: Expression };

/** Longest text, deepest nesting and most parts of an expression. */
export const EXPRESSION_LIMITS = { characters: 500, depth: 32, parts: 200 } as const;
