import type { Readable } from 'node:stream';
import type { Operation, operations, Person } from '@voxcord/schemas/api';
import type { Static, TSchema } from 'typebox';
import type { BinaryContent } from './binary.js';

type Part<S> = S extends TSchema ? Static<S> : undefined;
type SchemaOf<O, Key extends string> = O extends Readonly<Record<Key, infer S>> ? S : undefined;

/** One request, checked and authenticated. */
export interface Call<O extends Operation> {
  readonly person: Person;
  readonly params: Part<SchemaOf<O, 'params'>>;
  readonly query: Part<SchemaOf<O, 'query'>>;
  readonly body: Part<SchemaOf<O, 'body'>>;
  /** Bytes of the body and how many were announced; only for operations with a binary body. */
  readonly upload: O extends { readonly binaryBody: true }
    ? { readonly content: Readable; readonly announced: number | null }
    : undefined;
}

export type Answer<O extends Operation> = O extends { readonly binaryResponse: true }
  ? BinaryContent
  : O extends { readonly response: infer S extends TSchema }
    ? Static<S>
    : undefined;

/** One handler for each of some operations. */
export type HandlersOf<Operations extends Readonly<Record<string, Operation>>> = {
  readonly [Name in keyof Operations]: (call: Call<Operations[Name]>) => Pending<Answer<Operations[Name]>>;
};

export type Handlers = HandlersOf<typeof operations>;

type Pending<T> = T | Promise<T>;
