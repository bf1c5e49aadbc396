import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import Fastify, { LogController, type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { RequestError } from './errors.js';
import { makeProblem, problemOf } from './problems.js';
import { addOperations, type RouteParts } from './routes.js';
import { compileValidator } from './validation.js';
import { logged } from './logging.js';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const ROOMS_PATH = /^\/rooms\//;
const LIVE_PATH = /^\/rooms\/live(:|%3a)/i;

export interface AppOptions {
  readonly logLevel: string;
  /** Where log lines go. */
  readonly logStream: NodeJS.WritableStream;
}

/** The HTTP server without any operation: `/health`, errors as problems, a log without personal data. */
export function createApp(options: AppOptions): FastifyInstance {
  const app = Fastify({
    logger: {
      level: options.logLevel,
      stream: options.logStream,
      base: null,
      serializers: { err: logged }
    },
    // Addresses hold ids and hosts hold places: the log has a line of its own below.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024,
    requestTimeout: 0,
    routerOptions: { maxParamLength: 1024 },
    exposeHeadRoutes: false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseRequest
  });
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => data => JSON.stringify(data));
  app.setNotFoundHandler((_, reply) =>
    reply
      .code(404)
      .type(PROBLEM_TYPE)
      .send(makeProblem('request.not-found', 'There is no such address. See the OpenAPI document of the service.'))
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'request failed');
    if (error instanceof RequestError && error.retryAfter !== null) void reply.header('retry-after', error.retryAfter);
    // What is left of a refused body is not read: the connection ends with the answer.
    if (!request.raw.complete) void reply.header('connection', 'close');
    return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
  });
  // A connection that is kept alive after the last answer would hold the end of the service up, for as long as a minute.
  let isClosing = false;
  app.addHook('preClose', done => {
    isClosing = true;
    done();
  });
  app.addHook('onSend', (_, reply, payload, done) => {
    if (isClosing) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      { operation: operationOf(request), status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) },
      'request'
    );
    // Its head was sent before the service began to end, without a word of closing.
    if (isClosing) setImmediate(() => app.server.closeIdleConnections());
    done();
  });
  app.get('/health', (_, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'));
  return app;
}

/** Bytes that are no HTTP, or a body that is not as long as it says. */
function refuseRequest(_: Error, socket: Socket): void {
  if (!socket.writable) return;
  const problem = makeProblem('request.invalid', 'This is no valid HTTP request. Send it again.');
  const body = JSON.stringify(problem);
  const head = [
    'HTTP/1.1 400 Bad Request',
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`
  ];
  socket.end(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`);
}

/** What takes over WebSockets. */
export interface SocketsPort {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Opens the API, the rooms and live consensus on an app. */
export function serveApi(app: FastifyInstance, parts: RouteParts, rooms: SocketsPort, live: SocketsPort): void {
  addOperations(app, parts);
  app.server.on('upgrade', (request, socket, head) => {
    const { url = '' } = request;
    if (ROOMS_PATH.test(url)) {
      const sockets = LIVE_PATH.test(url) ? live : rooms;
      sockets.handleUpgrade(request, socket, head);
      return;
    }
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
}

function operationOf(request: FastifyRequest): string {
  return request.routeOptions.config.operation ?? (request.routeOptions.url === '/health' ? 'health' : 'none');
}
