import { expect, it } from 'vitest';
import { sha256, verifyRelease, type ReleaseFiles } from '../../src/truth/index.js';
import { flipped, GOOD_RELEASE, readFolder, releaseOf } from './support/tampering.js';

const SEED = 20_260_101;
const FLIPS = Number(process.env['VOXCORD_BIT_FLIPS'] ?? 2000);

/** Marsaglia's xorshift, 32 bits: whole numbers below `end`. */
function randomNumbers(seed: number): (end: number) => number {
  let state = seed;
  return end => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

/** The release with one file changed; hashes of the others are those that were taken once. */
function withFile(
  good: ReleaseFiles,
  hashes: ReadonlyMap<string, string>,
  path: string,
  bytes: Uint8Array
): ReleaseFiles {
  return {
    list: () => good.list(),
    read: name => (name === path ? Promise.resolve(bytes) : good.read(name)),
    hash: name => Promise.resolve(name === path ? sha256(bytes) : (hashes.get(name) ?? ''))
  };
}

/** An audit entry by its number; a signature by its number, or the file if it cannot be read any more. */
function isRecordOf(record: string, path: string, bytes: Uint8Array, at: number): boolean {
  if (path !== 'audit.jsonl') return record.split('#')[0] === path;
  return record === `audit.jsonl#${1 + bytes.subarray(0, at).filter(byte => byte === 10).length}`;
}

it(
  `finds every one of ${FLIPS} flipped bits and names the right record (VOXCORD_BIT_FLIPS sets how many)`,
  { timeout: 3_600_000 },
  async () => {
    const files = readFolder(GOOD_RELEASE);
    const good = await releaseOf(files);
    const hashes = new Map([...files].map(([path, bytes]) => [path, sha256(bytes)]));
    const spots = [...files];
    const total = spots.reduce((sum, [, bytes]) => sum + bytes.length, 0);
    const random = randomNumbers(SEED);
    const wrong: unknown[] = [];
    for (let n = 0; n < FLIPS; n++) {
      let at = random(total);
      const spot = spots.find(([, bytes]) => {
        if (at < bytes.length) return true;
        at -= bytes.length;
        return false;
      });
      if (spot === undefined) throw new Error('unreachable');
      const [path, bytes] = spot;
      const bit = random(8);
      const verdict = await verifyRelease(withFile(good, hashes, path, flipped(bytes, at, bit)));
      if (verdict.valid || !isRecordOf(verdict.broken.record, path, bytes, at)) wrong.push({ path, at, bit, verdict });
    }
    expect(wrong).toEqual([]);
  }
);
