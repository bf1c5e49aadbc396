import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError, type AuditRecord, type LogEntry, type Store } from '../../src/store/store.js';

/** A place where a store lives: opened again it holds what was stored. */
export interface StorePlace {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const SEED = 20_260_101;

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function readAll(store: Store, room: string, after = 0): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of store.log.read(room, after)) entries.push(...batch);
  return entries;
}

async function bytesFrom(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return new Uint8Array(Buffer.concat(parts));
}

/** What every store must do, whatever it is made of. */
export function describeStoreContract(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });

    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    async function reopen(): Promise<void> {
      await store.close();
      store = await place.open();
    }

    describe('log', () => {
      it('gives a room one epoch for ever', async () => {
        expect(await store.log.findRoom('read:a')).toBeNull();
        const first = await store.log.openRoom('read:a');
        expect(first.lastSequence).toBe(0);
        expect(first.epoch.length).toBeGreaterThanOrEqual(16);
        await reopen();
        expect(await store.log.openRoom('read:a')).toEqual(first);
        expect(await store.log.findRoom('read:a')).toEqual(first);
        expect((await store.log.openRoom('read:b')).epoch).not.toBe(first.epoch);
      });

      it('numbers the entries of a room from 1 in the order of the calls, however many are under way', async () => {
        await store.log.openRoom('read:a');
        await store.log.openRoom('read:b');
        const calls = Array.from({ length: 500 }, (_, index) => [
          store.log.append('read:a', 'ana', bytesOf(`a${index}`)),
          store.log.append('read:b', null, bytesOf(`b${index}`))
        ]).flat();
        const sequences = await Promise.all(calls);
        expect(sequences).toEqual(Array.from({ length: 500 }, (_, index) => [index + 1, index + 1]).flat());
        await reopen();
        const entries = await readAll(store, 'read:a');
        expect(entries.map(entry => new TextDecoder().decode(entry.update))).toEqual(
          Array.from({ length: 500 }, (_, index) => `a${index}`)
        );
        expect(new Set(entries.map(entry => entry.author))).toEqual(new Set(['ana']));
        expect((await readAll(store, 'read:b')).every(entry => entry.author === null)).toBe(true);
        expect((await store.log.findRoom('read:a'))?.lastSequence).toBe(500);
      });

      it('stores any bytes as they are, also a view into a larger buffer', async () => {
        await store.log.openRoom('read:a');
        let written = 0;
        await fc.assert(
          fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.nat(16), async (bytes, offset) => {
            const larger = new Uint8Array(bytes.length + offset + 3);
            larger.set(bytes, offset);
            const sequence = await store.log.append('read:a', 'ana', larger.subarray(offset, offset + bytes.length));
            written += 1;
            expect(sequence).toBe(written);
            const [entry] = await readAll(store, 'read:a', sequence - 1);
            expect(entry?.update).toEqual(bytes);
          }),
          { seed: SEED, numRuns: 50 }
        );
      });

      it('reads a long log in batches of bounded size, from any entry on', async () => {
        await store.log.openRoom('read:a');
        const update = new Uint8Array(300_000).fill(7);
        await Promise.all(Array.from({ length: 20 }, () => store.log.append('read:a', 'ana', update)));
        const sizes: number[] = [];
        const sequences: number[] = [];
        for await (const batch of store.log.read('read:a', 5)) {
          sizes.push(batch.reduce((sum, entry) => sum + entry.update.byteLength, 0));
          sequences.push(...batch.map(entry => entry.sequence));
        }
        expect(sequences).toEqual(Array.from({ length: 15 }, (_, index) => index + 6));
        expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
        expect(sizes.length).toBeGreaterThan(1);
      });

      it('keeps the newest checkpoint of a room', async () => {
        await store.log.openRoom('read:a');
        expect(await store.log.readCheckpoint('read:a')).toBeNull();
        await store.log.writeCheckpoint('read:a', { sequence: 3, state: bytesOf('three') });
        await store.log.writeCheckpoint('read:a', { sequence: 9, state: bytesOf('nine') });
        await reopen();
        expect(await store.log.readCheckpoint('read:a')).toEqual({ sequence: 9, state: bytesOf('nine') });
      });

      it('binds a client id to the first person who claims it, per room', async () => {
        await store.log.openRoom('read:a');
        await store.log.openRoom('read:b');
        const answers = await Promise.all([
          store.log.claimClient('read:a', 2 ** 53 - 1, 'ana'),
          store.log.claimClient('read:a', 2 ** 53 - 1, 'ben'),
          store.log.claimClient('read:b', 2 ** 53 - 1, 'ben')
        ]);
        expect(answers).toEqual(['ana', 'ana', 'ben']);
        await reopen();
        expect(await store.log.claimClient('read:a', 2 ** 53 - 1, 'ben')).toBe('ana');
        expect(await store.log.readClients('read:a')).toEqual(new Map([[2 ** 53 - 1, 'ana']]));
      });

      it('refuses an entry for a room that nobody opened', async () => {
        await expect(store.log.append('read:unknown', null, bytesOf('x'))).rejects.toMatchObject({
          name: 'StoreError',
          code: 'unwritable'
        });
      });

      it('refuses everything once it is closed', async () => {
        await store.close();
        await expect(store.log.openRoom('read:a')).rejects.toMatchObject({ name: 'StoreError', code: 'closed' });
      });
    });

    describe('blobs', () => {
      it('names bytes by their SHA-256 and gives them back', async () => {
        const bytes = bytesOf('voxels');
        const name = await store.blobs.put(bytes);
        expect(name).toBe(sha256(bytes));
        expect(await store.blobs.put(bytes)).toBe(name);
        await reopen();
        expect(await store.blobs.get(name)).toEqual(expect.objectContaining({ length: bytes.length }));
        expect(Buffer.from((await store.blobs.get(name)) ?? []).equals(Buffer.from(bytes))).toBe(true);
        expect(await store.blobs.size(name)).toBe(bytes.length);
      });

      it('answers for what is not there', async () => {
        const absent = sha256(bytesOf('absent'));
        expect(await store.blobs.get(absent)).toBeNull();
        expect(await store.blobs.size(absent)).toBeNull();
        expect(await store.blobs.has(absent)).toBe(false);
        await expect(store.blobs.stream(absent, 0, 1)).rejects.toMatchObject({ code: 'corrupt' });
      });

      it('takes over a finished file', async () => {
        const path = join(store.blobs.scratch, randomUUID());
        await writeFile(path, 'a large volume');
        const name = await store.blobs.putFile(path);
        expect(name).toBe(sha256(bytesOf('a large volume')));
        expect(await store.blobs.has(name)).toBe(true);
      });

      it('gives a blob a second name, which does not need the first, and takes no name that is taken', async () => {
        const bytes = bytesOf('under two names');
        const name = await store.blobs.put(bytes);
        const path = join(store.blobs.scratch, 'second-name');
        await store.blobs.link(name, path);
        await expect(store.blobs.link(name, path)).rejects.toBeInstanceOf(StoreError);
        for (let sweep = 0; sweep < 3; sweep++) await store.blobs.sweep(() => false);
        expect(await store.blobs.has(name)).toBe(false);
        expect(new Uint8Array(await readFile(path))).toEqual(bytes);
        await rm(path);
        await expect(store.blobs.link(name, path)).rejects.toMatchObject({ code: 'corrupt' });
      });

      it('streams any range', async () => {
        const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
        const name = await store.blobs.put(bytes);
        await fc.assert(
          fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
            const [start, end] = a < b ? [a, b] : [b, a];
            const part = await bytesFrom(await store.blobs.stream(name, start, end));
            expect(Buffer.compare(part, bytes.subarray(start, end))).toBe(0);
          }),
          { seed: SEED, numRuns: 30 }
        );
        await expect(store.blobs.stream(name, 0, bytes.length + 1)).rejects.toBeInstanceOf(RangeError);
      });

      it('refuses a name that is no SHA-256', async () => {
        await expect(store.blobs.get('../../etc/passwd')).rejects.toBeInstanceOf(RangeError);
      });
    });

    describe('sweeping of blobs', () => {
      async function textOf(sha256: string): Promise<string | null> {
        const bytes = await store.blobs.get(sha256);
        return bytes === null ? null : new TextDecoder().decode(bytes);
      }

      it('takes away what is not needed and was not in use lately, and nothing else', async () => {
        const kept = await store.blobs.put(bytesOf('kept'));
        const dropped = await store.blobs.put(bytesOf('dropped'));
        await reopen();
        expect(await store.blobs.sweep(sha256 => sha256 === kept)).toBe(1);
        expect(await textOf(kept)).toBe('kept');
        expect(await textOf(dropped)).toBeNull();
        expect(await store.blobs.put(bytesOf('dropped'))).toBe(dropped);
        expect(await textOf(dropped)).toBe('dropped');
      });

      it('leaves alone what was put or asked for since the sweep before the last', async () => {
        const known = await store.blobs.put(bytesOf('known'));
        await reopen();
        const fresh = await store.blobs.put(bytesOf('new'));
        expect(await store.blobs.has(known)).toBe(true);
        for (let sweep = 0; sweep < 2; sweep++) {
          expect(await store.blobs.sweep(() => false)).toBe(0);
          expect(await textOf(fresh)).toBe('new');
        }
        expect(await store.blobs.sweep(() => false)).toBe(2);
        expect(await store.blobs.size(fresh)).toBeNull();
      });

      it('never takes away what is put at the same moment', async () => {
        const texts = Array.from({ length: 100 }, (_, n) => `blob ${n}`);
        for (const text of texts) await store.blobs.put(bytesOf(text));
        await reopen();
        const [, ...names] = await Promise.all([
          store.blobs.sweep(() => false),
          ...texts.map(text => store.blobs.put(bytesOf(text)))
        ]);
        for (const [index, name] of names.entries()) {
          expect(await textOf(name)).toBe(texts[index]);
        }
      });
    });

    describe('catalogue', () => {
      it('removes, and can insert again', async () => {
        await store.catalogue.insert('snapshot', 's', 'r', 1);
        expect(await store.catalogue.remove('snapshot', 's')).toBe(true);
        expect(await store.catalogue.remove('snapshot', 's')).toBe(false);
        expect(await store.catalogue.get('snapshot', 's')).toBeNull();
        await store.catalogue.insert('snapshot', 's', 'r', 2);
        expect(await store.catalogue.list('snapshot', 'r')).toEqual([2]);
      });

      it('gives all of a kind in the order of insertion, whatever their parents and their number', async () => {
        const values = Array.from({ length: 1200 }, (_, n) => n);
        await Promise.all(
          values.map(n => store.catalogue.insert('snapshot', `s${n}`, n % 3 === 0 ? null : `r${n % 5}`, n))
        );
        await store.catalogue.insert('case', 'c', null, 'another kind');
        const all: unknown[] = [];
        for await (const batch of store.catalogue.all('snapshot')) all.push(...batch);
        expect(all).toEqual(values);
      });

      it('inserts once', async () => {
        await store.catalogue.insert('project', 'p', null, { title: 'Liver' });
        await expect(store.catalogue.insert('project', 'p', null, {})).rejects.toMatchObject({ code: 'exists' });
        await store.catalogue.insert('case', 'p', null, { title: 'another kind' });
        await reopen();
        expect(await store.catalogue.get('project', 'p')).toEqual({ title: 'Liver' });
        expect(await store.catalogue.get('project', 'q')).toBeNull();
      });

      it('replaces a value only if it is still the expected one', async () => {
        await store.catalogue.insert('read', 'r', null, { state: 'open', title: 'T' });
        expect(await store.catalogue.replace('read', 'r', { state: 'submitted' }, {})).toBe(false);
        expect(await store.catalogue.replace('read', 'r', { title: 'T', state: 'open' }, { state: 'done' })).toBe(true);
        expect(await store.catalogue.get('read', 'r')).toEqual({ state: 'done' });
        expect(await store.catalogue.replace('read', 'absent', {}, {})).toBe(false);
      });

      it('lets one of many concurrent changes win', async () => {
        await store.catalogue.insert('setting', 's', null, 0);
        const wins = await Promise.all(
          Array.from({ length: 20 }, (_, index) => store.catalogue.replace('setting', 's', 0, index + 1))
        );
        expect(wins.filter(won => won)).toHaveLength(1);
      });

      it('lists by parent in the order of insertion', async () => {
        for (const id of ['z', 'a', 'm']) await store.catalogue.insert('case', id, 'p', id);
        await store.catalogue.insert('case', 'other', 'q', 'other');
        await store.catalogue.insert('case', 'loose', null, 'loose');
        await reopen();
        expect(await store.catalogue.list('case', 'p')).toEqual(['z', 'a', 'm']);
        expect(await store.catalogue.list('case', null)).toEqual(['loose']);
        expect(await store.catalogue.list('read', 'p')).toEqual([]);
      });

      it('refuses a text that no file can hold', async () => {
        const half = String.fromCharCode(0xd800);
        await expect(store.catalogue.insert('volume', 'v', null, { name: half })).rejects.toThrow(/surrogate/);
      });

      it('gives JSON values back as they were', async () => {
        let count = 0;
        await fc.assert(
          fc.asyncProperty(fc.jsonValue(), async value => {
            const id = `v${count++}`;
            await store.catalogue.insert('volume', id, null, value);
            expect(JSON.stringify(await store.catalogue.get('volume', id))).toBe(
              JSON.stringify(JSON.parse(canonical(value)))
            );
          }),
          { seed: SEED, numRuns: 50 }
        );
      });
    });

    describe('audit log', () => {
      interface Entry extends AuditRecord {
        readonly text: string;
      }

      function chainOf(length: number, first: Entry | null = null, text = 'entry'): Entry[] {
        const entries: Entry[] = [];
        let last = first;
        for (let n = 0; n < length; n++) {
          const sequence: number = (last?.sequence ?? 0) + 1;
          last = { sequence, previous: last?.hash ?? null, hash: sha256(bytesOf(`${text} ${sequence}`)), text };
          entries.push(last);
        }
        return entries;
      }

      async function readChain(chain: string, after = 0): Promise<unknown[]> {
        const entries: unknown[] = [];
        for await (const batch of store.audit.read(chain, after)) entries.push(...batch);
        return entries;
      }

      it('keeps the entries of each chain in their order, for ever', async () => {
        const [a, b] = [chainOf(700), chainOf(3, null, 'other')];
        expect(await store.audit.last('a')).toBeNull();
        await Promise.all([
          ...a.map(entry => store.audit.append('a', entry)),
          ...b.map(entry => store.audit.append('b', entry))
        ]);
        await reopen();
        expect(await readChain('a')).toEqual(a);
        expect(await readChain('a', 698)).toEqual(a.slice(698));
        expect(await readChain('b')).toEqual(b);
        expect(await store.audit.last('a')).toEqual(a.at(-1));
        expect(await readChain('unknown')).toEqual([]);
      });

      it('takes nothing but the entry that follows the last one in number and hash', async () => {
        const chain = chainOf(3);
        for (const entry of chain) await store.audit.append('a', entry);
        const [, second, third] = chain;
        const [next] = chainOf(1, third);
        if (second === undefined || next === undefined) throw new Error('unreachable');
        const refused = [
          second,
          { ...next, sequence: 5 },
          { ...next, previous: second.hash },
          { ...next, previous: null }
        ];
        for (const entry of refused) {
          await expect(store.audit.append('a', entry)).rejects.toMatchObject({ name: 'StoreError', code: 'exists' });
        }
        await expect(store.audit.append('b', next)).rejects.toMatchObject({ code: 'exists' });
        await store.audit.append('a', next);
        expect(await readChain('a')).toEqual([...chain, next]);
      });

      it('lets one of many writers of the same entry win', async () => {
        const rivals = Array.from({ length: 20 }, (_, n) => chainOf(1, null, `rival ${n}`)).flat();
        const outcomes = await Promise.allSettled(rivals.map(entry => store.audit.append('a', entry)));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(await readChain('a')).toHaveLength(1);
      });

      it('is read in batches of bounded size', async () => {
        const text = 'x'.repeat(300_000);
        const chain = chainOf(12).map(entry => ({ ...entry, text }));
        for (const entry of chain) await store.audit.append('a', entry);
        const batches: unknown[][] = [];
        for await (const batch of store.audit.read('a', 0)) batches.push(batch);
        expect(batches.length).toBeGreaterThan(1);
        expect(batches.flat()).toEqual(chain);
      });
    });
  });
}

/** Members sorted: the order of members is no part of a value. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member
  );
}
