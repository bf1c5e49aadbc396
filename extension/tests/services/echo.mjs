// A small service that shows what the proxy and the supervisor do: it answers with what it was sent.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    socket: { type: 'string' },
    data: { type: 'string' },
    root: { type: 'string', multiple: true },
    'exit-with-parent': { type: 'boolean' }
  }
});
const behaviour = JSON.parse(process.env.ECHO_BEHAVIOUR ?? '{}');
const note = name => path.join(values.data, name);
const log = entry => process.stderr.write(`${JSON.stringify({ time: Date.now(), pid: process.pid, ...entry })}\n`);

const start = existsSync(note('starts')) ? Number(readFileSync(note('starts'), 'utf8')) + 1 : 1;
writeFileSync(note('starts'), String(start));
writeFileSync(note('pid'), String(process.pid));
if (start <= (behaviour.failingStarts ?? 0)) {
  log({ level: 50, msg: 'this start fails' });
  process.exit(3);
}

const secret = process.env.VOXCORD_IDENTITY_SECRET ?? '';

function identityOf(request) {
  const all = request.rawHeaders.filter(
    (_, i) => i % 2 === 0 && request.rawHeaders[i].toLowerCase() === 'x-voxcord-identity'
  );
  if (all.length !== 1) return null;
  const [head, body, signature] = request.headers['x-voxcord-identity'].split('.');
  const wanted = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature ?? '', 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  if (JSON.parse(Buffer.from(head, 'base64url')).alg !== 'HS256') return null;
  return JSON.parse(Buffer.from(body, 'base64url'));
}

function byteAt(i) {
  return (i * 31 + (i >>> 8)) & 255;
}
function block(from, to) {
  const bytes = Buffer.allocUnsafe(to - from);
  for (let i = from; i < to; i++) bytes[i - from] = byteAt(i);
  return bytes;
}

let taken = 0; // bytes of `/endless` that the connection has taken
const stalled = [];
const BLOCK = 65536;

const routes = {
  'GET /api/v1/bytes': (request, response, url) => {
    const size = Number(url.searchParams.get('size'));
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const from = range ? Number(range[1]) : 0;
    const to = range ? Math.min(Number(range[2]) + 1, size) : size;
    response.writeHead(range ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': to - from,
      'accept-ranges': 'bytes',
      etag: '"fixed"',
      'cache-control': 'private, max-age=31536000, immutable',
      ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${size}` } : {})
    });
    let at = from;
    const write = () => {
      while (at < to) {
        const end = Math.min(at + BLOCK, to);
        const room = response.write(block(at, end));
        at = end;
        if (!room) return response.once('drain', write);
      }
      response.end();
    };
    write();
  },
  'GET /api/v1/endless': (_request, response) => {
    taken = 0;
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    const bytes = Buffer.alloc(BLOCK);
    const write = () => {
      while (!response.destroyed) {
        taken += BLOCK;
        if (!response.write(bytes)) return response.once('drain', write);
      }
    };
    write();
  },
  'GET /api/v1/taken': (_request, response) => json(response, { taken }),
  'POST /api/v1/digest': (request, response) => {
    writeFileSync(note('digesting'), '');
    const hash = createHash('sha256');
    let bytes = 0;
    request.on('data', chunk => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    request.on('end', () => json(response, { bytes, sha256: hash.digest('hex'), headers: request.headers }));
    request.on('close', () => {
      if (!request.complete) writeFileSync(note('cut-off'), String(bytes));
    });
  },
  'POST /api/v1/stall': (request, response) => {
    stalled.push(() => {
      request.resume();
      request.on('end', () => json(response, {}));
    });
  },
  'POST /api/v1/resume': (request, response) => {
    request.resume();
    for (const resume of stalled.splice(0)) resume();
    json(response, {});
  },
  'POST /api/v1/refuse-early': (_request, response) => json(response, { code: 'too-large' }, 413),
  'GET /api/v1/break': (_request, response, url) => {
    response.writeHead(200, url.searchParams.has('length') ? { 'content-length': 1000 } : {});
    response.write('only this', () => setTimeout(() => response.destroy(), 50));
  },
  'GET /api/v1/wait': () => writeFileSync(note('waiting'), ''),
  'POST /api/v1/wait': () => writeFileSync(note('waiting'), ''),
  'GET /api/v1/redirect': (_request, response) => response.writeHead(302, { location: '/api/v1/echo' }).end(),
  'DELETE /api/v1/nothing': (_request, response) => response.writeHead(204).end(),
  'GET /api/v1/unchanged': (_request, response) => response.writeHead(304, { etag: '"fixed"' }).end(),
  'GET /api/v1/headers': (_request, response) =>
    response
      .writeHead(200, [
        ...['set-cookie', 'service=1', 'server', 'echo', 'content-security-policy', 'none'],
        ...['access-control-allow-origin', '*', 'x-hop', '1', 'connection', 'x-hop', 'vary', 'a', 'vary', 'b'],
        ...['x-voxcord-note', 'kept', 'content-type', 'text/plain']
      ])
      .end('hello')
};

function json(response, body, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://service');
  if (url.pathname === '/health') return json(response, { ok: true }, behaviour.neverHealthy ? 500 : 200);
  const identity = identityOf(request);
  if (identity === null) return json(response, { code: 'identity.invalid' }, 401);
  const route = routes[`${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`];
  if (route) return route(request, response, url);
  request.resume();
  request.on('end', () =>
    json(response, {
      pid: process.pid,
      method: request.method,
      url: request.url,
      headers: request.headers,
      identity,
      arguments: process.argv.slice(2),
      privateVariables: Object.keys(process.env).filter(name => /^(JUPYTER|JPY).*TOKEN/.test(name))
    })
  );
});

const sockets = new WebSocketServer({ noServer: true, maxPayload: 8 * 1024 * 1024 });
server.on('upgrade', (request, socket, head) => {
  const refusal = /^\/rooms\/refuse-(\d+)/.exec(request.url);
  const identity = identityOf(request);
  if (refusal || identity === null) {
    socket.end(`HTTP/1.1 ${refusal ? refusal[1] : 401} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    return;
  }
  sockets.handleUpgrade(request, socket, head, connection => {
    connection.send(JSON.stringify({ url: request.url, headers: request.headers, identity, pid: process.pid }));
    connection.on('close', (code, reason) => writeFileSync(note('closed'), `${code} ${reason}`));
    let read = 0;
    connection.on('message', (data, isBinary) => {
      read += data.length;
      const [command, ...rest] = isBinary ? [] : data.toString().split(' ');
      if (command === 'close')
        return connection.close(...(rest.length ? [Number(rest[0]), rest.slice(1).join(' ')] : []));
      if (command === 'drop') return connection.terminate();
      if (command === 'big') return connection.send(Buffer.alloc(Number(rest[0])));
      if (command === 'pause') {
        connection.pause();
        setTimeout(() => connection.resume(), Number(rest[0]));
        return;
      }
      if (command === 'flood') {
        for (let i = 0; i < Number(rest[0]); i++) connection.send(Buffer.alloc(BLOCK, i & 255));
        return;
      }
      if (command === 'waiting') return connection.send(String(connection.bufferedAmount));
      if (command === 'read') return connection.send(String(read));
      connection.send(data, { binary: isBinary });
    });
  });
});

function stop(why) {
  if (behaviour.ignoreSigterm && why === 'SIGTERM') return;
  // A service that has something to write takes a moment.
  setTimeout(() => {
    writeFileSync(note('flushed'), why);
    process.exit(0);
  }, 200);
}
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => writeFileSync(note('interrupted'), ''));
if (values['exit-with-parent']) process.stdin.on('end', () => stop('parent')).resume();

setTimeout(() => {
  server.listen(values.socket, () => {
    log({ level: 30, msg: 'listening', start });
    if (!behaviour.silent) process.stdout.write(`${JSON.stringify({ event: 'listening', socket: values.socket })}\n`);
    process.stderr.write('plain words of Node\n');
    if (behaviour.exitAfter !== undefined) setTimeout(() => process.exit(4), behaviour.exitAfter);
  });
}, behaviour.slowStart ?? 0);
