import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RecordLog, encodeVisibility, type RecordEntry } from '../../src/labelmap/index.js';
import { aboutOf, sessionsOf, strokeLog } from '../../src/rooms/index.js';

function record(lamport: number): Uint8Array {
  return encodeVisibility({ lamport, target: { client: 1, clock: 1 }, hidden: true });
}

function docOf(client: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  return doc;
}

function sync(from: Y.Doc, to: Y.Doc): void {
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), 'remote');
}

describe('the record log', () => {
  it('names a record by its session and its place in that session’s log', () => {
    const log = new RecordLog(docOf(7));
    expect(log.append(record(1))).toEqual({ client: 7, clock: 0 });
    expect(log.appendMany([record(2), record(3)])).toEqual([
      { client: 7, clock: 1 },
      { client: 7, clock: 2 }
    ]);
    expect(log.entries().map(({ id }) => id.clock)).toEqual([0, 1, 2]);
    expect(log.entries().map(({ bytes }) => bytes)).toEqual([record(1), record(2), record(3)]);
  });

  it('tells once per transaction what came in, own and others’, and nothing else', () => {
    const [one, two] = [docOf(7), docOf(8)];
    const log = new RecordLog(one);
    const seen: RecordEntry[][] = [];
    const stop = log.observe(entries => seen.push(entries));
    log.append(record(1));
    const other = new RecordLog(two);
    other.appendMany([record(2), record(3)]);
    sessionsOf(two).set('8', { username: 'ben', displayName: 'Ben', colour: '#123456', since: '2026-01-01T00:00:00Z' });
    sync(two, one);
    sync(two, one);
    aboutOf(one).set('schemaVersion', 1);
    expect(seen.map(entries => entries.map(({ id }) => `${id.client}/${id.clock}`))).toEqual([['7/0'], ['8/0', '8/1']]);
    stop();
    log.append(record(4));
    expect(seen.length).toBe(2);
  });

  it('keeps the names of the records that compaction leaves', () => {
    const [server, client] = [docOf(1), docOf(7)];
    const log = new RecordLog(client);
    log.appendMany([record(1), record(2), record(3)]);
    sync(client, server);
    const seen: RecordEntry[] = [];
    log.observe(entries => seen.push(...entries));
    strokeLog(server, 7).delete(0, 2);
    sync(server, client);
    expect(seen).toEqual([]);
    expect(log.entries()).toEqual([{ id: { client: 7, clock: 2 }, bytes: record(3) }]);
    expect(log.append(record(4))).toEqual({ client: 7, clock: 3 });

    const late = docOf(9);
    sync(client, late);
    expect(new RecordLog(late).entries().map(({ id }) => id.clock)).toEqual([2, 3]);
  });

  it('does not take for records what others wrote into a log', () => {
    const [one, two] = [docOf(7), docOf(8)];
    new RecordLog(one).append(record(1));
    sync(one, two);
    strokeLog(two, 7).push([record(2)]);
    two.getArray('strokes/x').push([record(3)]);
    two.getArray<unknown>('strokes/8').push(['text', 5]);
    sync(two, one);
    expect(new RecordLog(one).entries()).toEqual([{ id: { client: 7, clock: 0 }, bytes: record(1) }]);
  });
});
