import type { Readable } from 'node:stream';
import { API_PREFIX, IDENTITY_HEADER, operations, type Operation, type Person } from '@voxcord/schemas/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { IdentityError } from '../identity/identityError.js';
import type { IdentityVerifier } from '../identity/identityVerifier.js';
import type { BlobStore } from '../store/store.js';
import { sendBinary, type BinaryContent } from './binary.js';
import { RequestError } from './errors.js';
import type { Handlers } from './handlers.js';
import type { RateLimiter } from './rateLimit.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling; set before any handler of the API runs. */
    person: Person | null;
  }
  interface FastifyContextConfig {
    /** Name of the operation, for the log. */
    operation?: string;
  }
}

export interface RouteParts {
  readonly identify: IdentityVerifier;
  readonly limiter: RateLimiter;
  readonly blobs: BlobStore;
  readonly handlers: Handlers;
  readonly maxJsonBytes: number;
}

/**
 * Adds a route for each operation of the API, and no other. All of them stand behind the identity check of their scope
 * and get the schemas of their operation.
 */
export function addOperations(app: FastifyInstance, parts: RouteParts): void {
  app.decorateRequest('person', null);
  void app.register(
    scope => {
      scope.addHook('onRequest', request => authenticate(request, parts));
      // Bytes are handed on as a stream; everything else must be JSON.
      void scope.register(binary => {
        binary.removeAllContentTypeParsers();
        binary.addContentTypeParser('*', (_, payload, done) => done(null, payload));
        addRoutes(binary, parts, operation => operation.binaryBody === true);
        return Promise.resolve();
      });
      void scope.register(json => {
        addRoutes(json, parts, operation => operation.binaryBody !== true);
        return Promise.resolve();
      });
      return Promise.resolve();
    },
    { prefix: API_PREFIX }
  );
}

async function authenticate(request: FastifyRequest, parts: RouteParts): Promise<void> {
  const token = request.headers[IDENTITY_HEADER];
  if (typeof token !== 'string') {
    throw new IdentityError('identity.missing', 'The request carries no identity. Sign in to Jupyter and try again.');
  }
  const person = await parts.identify(token);
  parts.limiter.take(person.username);
  request.person = person;
}

/** A handler seen from the routes: what it is given has been checked against the schemas of its operation. */
interface CheckedHandler {
  run(call: unknown): unknown;
}

function addRoutes(scope: FastifyInstance, parts: RouteParts, belongs: (operation: Operation) => boolean): void {
  const all: Readonly<Record<string, Operation>> = operations;
  const handlers = new Map<string, CheckedHandler>(
    Object.entries(parts.handlers).map(([name, run]) => [name, { run }])
  );
  for (const [name, operation] of Object.entries(all)) {
    const handler = handlers.get(name);
    if (handler === undefined || !belongs(operation)) continue;
    scope.route({
      method: operation.method,
      url: operation.path.replace(/\{([a-zA-Z]+)\}/g, ':$1'),
      ...(operation.binaryBody === true ? {} : { bodyLimit: parts.maxJsonBytes }),
      config: { operation: name },
      schema: {
        ...(operation.params === undefined ? {} : { params: operation.params }),
        ...(operation.query === undefined ? {} : { querystring: operation.query }),
        ...(operation.body === undefined ? {} : { body: operation.body })
      },
      handler: async (request, reply) => {
        const answer = await handler.run({
          person: request.person,
          params: request.params,
          query: request.query,
          body: request.body,
          upload: operation.binaryBody === true ? uploadOf(request) : undefined
        });
        return send(request, reply, operation, answer, parts.blobs);
      }
    });
  }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: Operation,
  answer: unknown,
  blobs: BlobStore
): FastifyReply {
  void reply.code(operation.status);
  if (operation.binaryResponse === true && isBinaryContent(answer)) return sendBinary(request, reply, blobs, answer);
  void reply.header('cache-control', 'no-store');
  return operation.response === undefined ? reply.send() : reply.send(answer);
}

function isBinaryContent(answer: unknown): answer is BinaryContent {
  return typeof answer === 'object' && answer !== null && 'etag' in answer && 'parts' in answer;
}

function uploadOf(request: FastifyRequest): { content: Readable; announced: number | null } {
  const { body } = request;
  if (!isReadable(body)) throw new RequestError('request.invalid', 'Send the bytes of the file as the body.');
  const announced = Number(request.headers['content-length']);
  return { content: body, announced: Number.isSafeInteger(announced) ? announced : null };
}

function isReadable(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function';
}
