import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import {
  API_PREFIX,
  type Operation,
  consensusOperations,
  evaluationOperations,
  fixedLabelMapOperations,
  modelJobOperations,
  modelOperations,
  operations as caseOperations,
  readingOperations,
  releaseOperations
} from '@voxcord/schemas/api';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { VoxcordError, isAbort, problemFrom } from './problems.js';
import { type UploadOptions, sendWithProgress } from './sendWithProgress.js';

const operations = {
  ...caseOperations,
  ...readingOperations,
  ...fixedLabelMapOperations,
  ...consensusOperations,
  ...releaseOperations,
  ...evaluationOperations,
  ...modelOperations,
  ...modelJobOperations
} as const;
type Operations = typeof operations;
type OperationName = keyof Operations;
type Part<N extends OperationName, K extends string> = Operations[N] extends {
  readonly [P in K]: infer S extends TSchema;
}
  ? Static<S>
  : undefined;

/** What a call takes: path parameters, a query and a JSON body, each only where the operation has it. */
export type Input<N extends OperationName> = (Part<N, 'params'> extends undefined
  ? unknown
  : { readonly params: Part<N, 'params'> }) &
  (Part<N, 'query'> extends undefined ? unknown : { readonly query: Part<N, 'query'> }) &
  (Part<N, 'body'> extends undefined ? unknown : { readonly body: Part<N, 'body'> });

export type Output<N extends OperationName> = Part<N, 'response'>;

/** Operations that answer with JSON or nothing. */
export type JsonOperation = {
  [N in OperationName]: Operations[N] extends { binaryResponse: true } | { binaryBody: true } ? never : N;
}[OperationName];

export type BinaryOperation = {
  [N in OperationName]: Operations[N] extends { binaryResponse: true } ? N : never;
}[OperationName];

/** The REST API of the Voxcord service, through the Jupyter server that this page came from. */
export class VoxcordApi {
  constructor(readonly settings: ServerConnection.ISettings) {}

  /** Calls the JSON operation `name`. Throws `VoxcordError`, or an `AbortError` when `signal` aborts. */
  async call<N extends JsonOperation>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Output<N>> {
    const operation: Operation = operations[name];
    const { params, query, body } = input as {
      params?: Record<string, unknown>;
      query?: Record<string, string | number>;
      body?: unknown;
    };
    const response = await this.request(this.address(operation, params ?? {}, query), {
      method: operation.method,
      // Never a stale answer, and no made-up query parameter as Jupyter adds for 'no-store'.
      cache: 'no-cache',
      // Jupyter announces JSON where nothing is announced, even without a body: that would be refused.
      ...(body === undefined
        ? { headers: { 'Content-Type': 'text/plain' } }
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal })
    });
    if (operation.response === undefined) return undefined as Output<N>;
    let answer: unknown;
    try {
      answer = await response.json();
    } catch (reason) {
      if (isAbort(reason)) throw reason;
      throw new VoxcordError('answer.unexpected', 'The answer of the Voxcord service cannot be read.', response.status);
    }
    if (!Value.Check(operation.response, answer)) {
      throw new VoxcordError(
        'answer.unexpected',
        'The Voxcord service answered in a form that this page does not know. Reload the page.',
        response.status
      );
    }
    return answer as Output<N>;
  }

  /** Address of the bytes that `name` answers with. */
  binaryAddress<N extends BinaryOperation>(name: N, params: Part<N, 'params'>): string {
    return this.address(operations[name], params as Record<string, unknown>);
  }

  /** Sends `bytes` for a following import. `onProgress` gets the fraction that has left. */
  async upload(bytes: Blob, options: UploadOptions = {}): Promise<Output<'uploadFile'>> {
    const response = await sendWithProgress(
      this.address(operations.uploadFile, {}),
      bytes,
      this.settings,
      options,
      (address, init) => this.request(address, init)
    );
    if (!response.ok) throw await problemFrom(response);
    return (await response.json()) as Output<'uploadFile'>;
  }

  /** One request with Jupyter's credentials. Throws `VoxcordError` unless the answer is a success. */
  async request(address: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(address, init, this.settings);
    } catch (reason) {
      init.signal?.throwIfAborted();
      throw new VoxcordError(
        'connection.lost',
        'The Jupyter server cannot be reached. Check the network connection; nothing is lost, try again.',
        null,
        { cause: reason }
      );
    }
    if (!response.ok) throw await problemFrom(response);
    return response;
  }

  /** Where Jupyter pages authenticate sockets by a token in the address, rooms do too. */
  get tokenParameter(): Record<string, string> {
    const { appendToken, token } = this.settings;
    return appendToken && token !== '' ? { token } : {};
  }

  /** Where the rooms are; a room's name follows. */
  get roomsUrl(): string {
    return URLExt.join(this.settings.wsUrl, 'voxcord', 'rooms');
  }

  private address(
    operation: Operation,
    params: Record<string, unknown>,
    query: Record<string, string | number> = {}
  ): string {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
    return URLExt.join(this.settings.baseUrl, 'voxcord', API_PREFIX) + path + (search === '' ? '' : `?${search}`);
  }
}
