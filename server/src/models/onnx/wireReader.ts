/** A message that is no protobuf. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** One field of a message: its number, and a number (varint) or bytes (length-delimited); null for what is of no use here. */
export interface WireField {
  readonly number: number;
  readonly value: number | Uint8Array | null;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const LONGEST_VARINT = 10;

/**
 * The fields of a protobuf message, in order (protobuf.dev/programming-guides/encoding). Takes no memory for them: bytes
 * are views. Varints above 2^53 lose their lowest bits. Throws `WireError`.
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let count = 0; count < LONGEST_VARINT; count += 1) {
      const byte = message[at];
      if (byte === undefined) throw new WireError('A number is cut short.');
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return value;
    }
    throw new WireError('A number is too long.');
  };
  const bytes = (length: number): Uint8Array => {
    if (length > message.length - at) throw new WireError('A field is cut short.');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number === 0 || number >= 2 ** 29) throw new WireError('A field has an impossible number.');
    switch (tag % 8) {
      case VARINT:
        yield { number, value: varint() };
        break;
      case BYTES:
        yield { number, value: bytes(varint()) };
        break;
      case FIXED64:
        bytes(8);
        yield { number, value: null };
        break;
      case FIXED32:
        bytes(4);
        yield { number, value: null };
        break;
      default:
        throw new WireError('A field has an unknown type.');
    }
  }
}
