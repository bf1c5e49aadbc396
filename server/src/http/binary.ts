import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BlobStore } from '../store/store.js';
import { RequestError } from './errors.js';

/** Bytes that never change, made of blobs one after the other. */
export interface BinaryContent {
  /** Names exactly these bytes. */
  readonly etag: string;
  readonly parts: readonly { readonly sha256: string; readonly bytes: number }[];
}

interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Answers with bytes: whole, a single range of them, or 304 if the caller has them. */
export function sendBinary(
  request: FastifyRequest,
  reply: FastifyReply,
  blobs: BlobStore,
  content: BinaryContent
): FastifyReply {
  const size = content.parts.reduce((sum, part) => sum + part.bytes, 0);
  const etag = `"${content.etag}"`;
  void reply
    .header('etag', etag)
    .header('cache-control', 'private, max-age=31536000, immutable')
    .header('accept-ranges', 'bytes')
    .header('x-content-type-options', 'nosniff');
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const range = isRangeWanted(request, etag) ? parseRange(request.headers.range ?? '', size) : null;
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${size}`);
    throw new RequestError('request.range', `The content has ${size} bytes. Ask for a range inside them.`);
  }
  const { start, end } = range ?? { start: 0, end: size };
  if (range !== null) void reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
  return reply
    .header('content-length', end - start)
    .type('application/octet-stream')
    .send(Readable.from(readParts(blobs, content, { start, end }), { objectMode: false }));
}

async function* readParts(blobs: BlobStore, content: BinaryContent, range: ByteRange): AsyncIterable<Uint8Array> {
  let position = 0;
  for (const { sha256, bytes } of content.parts) {
    const start = Math.max(0, range.start - position);
    const end = Math.min(bytes, range.end - position);
    position += bytes;
    if (start >= end) continue;
    for await (const chunk of await blobs.stream(sha256, start, end)) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  }
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some(text => text.trim() === '*' || text.trim().replace(/^W\//, '') === etag);
}

/** A range of another version of the content is not asked for. */
function isRangeWanted(request: FastifyRequest, etag: string): boolean {
  if (request.headers.range === undefined) return false;
  const condition = request.headers['if-range'];
  return condition === undefined || condition === etag;
}

/** Null for the whole content: also for units and lists of ranges that this service does not offer (RFC 9110 §14.2). */
function parseRange(header: string, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (match === null) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  if (first === '') {
    const count = Math.min(Number(last), size);
    return count === 0 ? 'unsatisfiable' : { start: size - count, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) };
}
