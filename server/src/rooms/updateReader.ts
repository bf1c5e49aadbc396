import type { RecordId } from '@voxcord/schemas/labelmap';
import * as decoding from 'lib0/decoding';

/** An update message that cannot be read, or holds what no document of ours has. */
export class UpdateFormatError extends Error {
  override readonly name = 'UpdateFormatError';
}

/** `skip` stands for what the sender does not have. */
export type StructContent = 'gc' | 'skip' | 'deleted' | 'binary' | 'any';

/** One struct of a Yjs update (format 1). */
export interface UpdateStruct {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
  readonly content: StructContent;
  readonly origin: RecordId | null;
  readonly hasRightOrigin: boolean;
  /** Name of the root that the item is in, if the item says so (one without an origin does). */
  readonly root: string | null;
  readonly hasParentKey: boolean;
  /** The bytes of binary content (a view); null for other content. */
  readonly bytes: Uint8Array | null;
  /** Where the struct lies in the update. */
  readonly start: number;
  readonly end: number;
}

export interface DeletedRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

const KIND = 0b0001_1111;
const HAS_PARENT_KEY = 0b0010_0000;
const HAS_RIGHT_ORIGIN = 0b0100_0000;
const HAS_ORIGIN = 0b1000_0000;

const CONTENTS: ReadonlyMap<number, StructContent> = new Map([
  [0, 'gc'],
  [1, 'deleted'],
  [3, 'binary'],
  [8, 'any'],
  [10, 'skip']
]);

/** Nesting of plain values; those of our documents are two deep. */
const DEEPEST_VALUE = 32;

/**
 * Reads a Yjs update struct by struct, in constant memory: whatever counts and lengths it declares, no more is read
 * than is there. Throws `UpdateFormatError`.
 */
export class UpdateReader {
  readonly #decoder: decoding.Decoder;
  #structsRead = false;

  constructor(readonly update: Uint8Array) {
    this.#decoder = decoding.createDecoder(update);
  }

  *structs(): Generator<UpdateStruct> {
    for (let clients = this.#number(); clients > 0; clients--) {
      let structs = this.#number();
      const client = this.#number();
      let clock = this.#number();
      for (; structs > 0; structs--) {
        const struct = this.#struct(client, clock);
        clock += struct.length;
        if (!Number.isSafeInteger(clock)) throw new UpdateFormatError('A clock is too high.');
        yield struct;
      }
    }
    this.#structsRead = true;
  }

  /** To be called after all structs have been read. */
  *deletions(): Generator<DeletedRange> {
    if (!this.#structsRead) throw new Error('Deletions come after the structs.');
    for (let clients = this.#number(); clients > 0; clients--) {
      const client = this.#number();
      for (let ranges = this.#number(); ranges > 0; ranges--) {
        yield { client, clock: this.#number(), length: this.#number() };
      }
    }
    if (decoding.hasContent(this.#decoder)) throw new UpdateFormatError('There are bytes behind the update.');
  }

  #struct(client: number, clock: number): UpdateStruct {
    const start = this.#decoder.pos;
    const info = this.#byte();
    const content = CONTENTS.get(info & KIND);
    if (content === undefined || (content === 'skip' && info !== 10) || (content === 'gc' && info !== 0)) {
      throw new UpdateFormatError(`A struct of kind ${info & KIND} is in no document of ours.`);
    }
    if (content === 'gc' || content === 'skip') {
      const length = this.#length();
      const end = this.#decoder.pos;
      const rest = { origin: null, hasRightOrigin: false, root: null, hasParentKey: false, bytes: null };
      return { client, clock, length, content, ...rest, start, end };
    }
    const origin = (info & HAS_ORIGIN) === 0 ? null : this.#id();
    const hasRightOrigin = (info & HAS_RIGHT_ORIGIN) !== 0;
    if (hasRightOrigin) this.#id();
    let root: string | null = null;
    let hasParentKey = false;
    if (origin === null && !hasRightOrigin) {
      if (this.#number() === 1) root = this.#text();
      else this.#id();
      hasParentKey = (info & HAS_PARENT_KEY) !== 0;
      if (hasParentKey) this.#skip(this.#number());
    }
    const bytes = content === 'binary' ? this.#bytes() : null;
    const length = content === 'deleted' ? this.#length() : content === 'any' ? this.#values() : 1;
    return {
      client,
      clock,
      length,
      content,
      origin,
      hasRightOrigin,
      root,
      hasParentKey,
      bytes,
      start,
      end: this.#decoder.pos
    };
  }

  /** Passes over plain values; answers how many there are. */
  #values(): number {
    const count = this.#length();
    for (let value = 0; value < count; value++) this.#value(0);
    return count;
  }

  #value(depth: number): void {
    if (depth > DEEPEST_VALUE) throw new UpdateFormatError('A value is nested too deeply.');
    switch (this.#byte()) {
      case 127: // undefined
      case 126: // null
      case 121: // false
      case 120: // true
        return;
      case 125:
        this.#integer();
        return;
      case 124:
        this.#skip(4);
        return;
      case 123:
      case 122:
        this.#skip(8);
        return;
      case 119:
      case 116:
        this.#skip(this.#number());
        return;
      case 118:
        for (let members = this.#number(); members > 0; members--) {
          this.#skip(this.#number());
          this.#value(depth + 1);
        }
        return;
      case 117:
        for (let members = this.#number(); members > 0; members--) this.#value(depth + 1);
        return;
      default:
        throw new UpdateFormatError('A value has an unknown type.');
    }
  }

  #integer(): void {
    while (this.#byte() >= 0x80);
  }

  #id(): RecordId {
    return { client: this.#number(), clock: this.#number() };
  }

  #length(): number {
    const length = this.#number();
    if (length === 0) throw new UpdateFormatError('A struct is empty.');
    return length;
  }

  #number(): number {
    try {
      return decoding.readVarUint(this.#decoder);
    } catch (cause) {
      throw new UpdateFormatError('A number is cut off or too high.', { cause });
    }
  }

  #byte(): number {
    this.#need(1);
    return decoding.readUint8(this.#decoder);
  }

  #bytes(): Uint8Array {
    const length = this.#number();
    this.#need(length);
    return decoding.readUint8Array(this.#decoder, length);
  }

  #text(): string {
    const bytes = this.#bytes();
    if (bytes.length > 256) throw new UpdateFormatError('The name of a root is too long.');
    return new TextDecoder().decode(bytes);
  }

  #skip(length: number): void {
    this.#need(length);
    this.#decoder.pos += length;
  }

  #need(length: number): void {
    if (length > this.update.length - this.#decoder.pos) throw new UpdateFormatError('The update is cut off.');
  }
}
