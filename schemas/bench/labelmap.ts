import { deflateRawSync } from 'node:zlib';
import * as Y from 'yjs';
import * as engine from '@voxcord/schemas/labelmap';
import { LabelMap, RecordLog, StrokePainter, UndoHistory, encodeVisibility } from '@voxcord/schemas/labelmap';
import { runFuzz } from '../tests/labelmap/runFuzz.ts';
import { mean, quantile, row, tellRows, type BenchRow } from './benchRow.ts';
import { CellOverwrite, forEachVoxel } from './cellOverwrite.ts';
import { play, type PlayedStroke, type Reader } from './paintingSession.ts';
import { WORKLOAD_DIMS, standardWorkload } from './workload.ts';

/*
 * Benchmarks of the label-map engine on the standard workload, 512 x 512 x 300. Needs `tsc -b schemas` first.
 *
 *   node schemas/bench/labelmap.ts [--quick]
 */

const READERS = 3;

/** A mask on the wire as a whole: runs of labels, deflated. What is compared with a stroke. */
function wholeMaskBytes(bitmap: Uint8Array): number {
  const runs: number[] = [];
  for (let at = 0; at < bitmap.length;) {
    const label = bitmap[at] ?? 0;
    const start = at;
    while (at < bitmap.length && bitmap[at] === label) at++;
    runs.push(label);
    let length = at - start;
    for (; length >= 128; length = Math.floor(length / 128)) runs.push((length & 127) | 128);
    runs.push(length);
  }
  return deflateRawSync(Uint8Array.from(runs)).length;
}

/** Voxels that a round painted and that then show none of the labels which the round gave them. */
function lostVoxels(strokes: readonly PlayedStroke[], label: (i: number, j: number, k: number) => number): number {
  const painted = new Map<number, { readonly at: readonly [number, number, number]; readonly labels: Set<number> }>();
  for (const { region, segment } of strokes) {
    forEachVoxel(region, (i, j, k) => {
      const index = (k * WORKLOAD_DIMS[1] + j) * WORKLOAD_DIMS[0] + i;
      const known = painted.get(index);
      if (known === undefined) painted.set(index, { at: [i, j, k], labels: new Set([segment]) });
      else known.labels.add(segment);
    });
  }
  let lost = 0;
  for (const { at, labels } of painted.values()) if (!labels.has(label(...at))) lost++;
  return lost;
}

/** Strokes on the wire, voxels lost, remote strokes, undo and opening, for a session of so many strokes. */
export function benchSession(strokes: number): BenchRow[] {
  const rounds = standardWorkload({ strokes });
  const overwrite = new CellOverwrite(WORKLOAD_DIMS);
  const lost = { log: 0, cells: 0, painted: 0 };
  const masks: number[] = [];
  const countLosses = strokes <= 2000;
  const { readers, wire, local, remote } = play(rounds, READERS, (played, all, number) => {
    const [first] = all;
    if (first === undefined) return;
    if (countLosses) {
      overwrite.merge(played);
      const { bitmap } = first.map;
      lost.log += lostVoxels(played, (i, j, k) => bitmap[(k * WORKLOAD_DIMS[1] + j) * WORKLOAD_DIMS[0] + i] ?? 0);
      lost.cells += lostVoxels(played, (i, j, k) => overwrite.label(i, j, k));
      for (const { region } of played) lost.painted += region.mask.reduce((sum, voxel) => sum + voxel, 0);
    }
    if ((number + 1) % Math.ceil(rounds.length / 8) === 0) masks.push(wholeMaskBytes(first.map.bitmap));
  });
  const [reader] = readers;
  if (reader === undefined) throw new Error('Nobody paints.');
  const name = `${strokes} strokes`;
  const prints = readers.map(({ map }) => JSON.stringify([...map.fingerprints()]));
  const rows = [
    row(`stroke on the wire, mean (${name})`, 'B', mean(wire), 450, {
      what: 'deflated mask, mean of 8 moments',
      measured: mean(masks),
      // A short session has too small a mask to compare with.
      ...(strokes < 2000 ? {} : { ratio: 2000 })
    }),
    row(`stroke on the wire, p95 (${name})`, 'B', quantile(wire, 0.95), null),
    row(`replicas that differ (${name})`, '', new Set(prints).size - 1, 0),
    row(`own stroke encoded, stored and folded, p50 (${name})`, 'ms', quantile(local, 0.5), null),
    row(`own stroke encoded, stored and folded, p95 (${name})`, 'ms', quantile(local, 0.95), null),
    row(`remote stroke applied, p50 (${name})`, 'ms', quantile(remote, 0.5), 0.6),
    row(`remote stroke applied, p95 (${name})`, 'ms', quantile(remote, 0.95), 5)
  ];
  if (countLosses) {
    rows.push(
      row(`voxels lost of ${lost.painted} painted (${name})`, '', lost.log, 0),
      row(`voxels lost by overwriting 32³ cells (${name})`, '', lost.cells, null)
    );
  }
  const undoBudget = strokes <= 2000 ? 15 : 25;
  rows.push(...benchUndo(readers, name, undoBudget), ...benchOpen(reader, name, undoBudget));
  return rows;
}

/** Each reader undoes the last 40 strokes of its own, then redoes them. */
function benchUndo(readers: readonly Reader[], name: string, budget: number): BenchRow[] {
  const [undo, redo]: [number[], number[]] = [[], []];
  for (const reader of readers) {
    const before = JSON.stringify([...reader.map.fingerprints()]);
    for (let n = 0; n < 40; n++) undo.push(timed(() => reader.setHidden(reader.history.undoable(), true)));
    for (let n = 0; n < 40; n++) redo.push(timed(() => reader.setHidden(reader.history.redoable(), false)));
    if (JSON.stringify([...reader.map.fingerprints()]) !== before)
      throw new Error('Redo did not give everything back.');
  }
  return [
    row(`undo of the own last strokes, p50 (${name})`, 'ms', quantile(undo, 0.5), null),
    row(`undo of the own last strokes, p95 (${name})`, 'ms', quantile(undo, 0.95), budget),
    row(`redo, p95 (${name})`, 'ms', quantile(redo, 0.95), budget)
  ];
}

/** Opens the read from its document and head snapshot, then undoes with nothing decoded. */
function benchOpen(reader: Reader, name: string, undoBudget: number): BenchRow[] {
  const head = reader.map.snapshot();
  const state = Y.encodeStateAsUpdate(reader.doc);
  const opened: { map: LabelMap; log: RecordLog }[] = [];
  const open = (): void => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, state);
    const log = new RecordLog(doc);
    opened.push({ map: LabelMap.open(WORKLOAD_DIMS, { head, records: log.entries() }), log });
  };
  const times = [timed(open), timed(open), timed(open)];
  const [{ map } = { map: null }] = opened.splice(0);
  if (map === null) throw new Error('Nothing was opened.');
  const replayed = timed(() => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, state);
    LabelMap.open(WORKLOAD_DIMS, { records: new RecordLog(doc).entries() });
  });

  const client = reader.doc.clientID;
  const cold = undoOpened(map, client);
  const ahead = LabelMap.open(WORKLOAD_DIMS, { head, records: new RecordLog(reader.doc).entries() });
  const idle = timed(() => {
    while (ahead.decodeAhead(64));
  });
  const warm = undoOpened(ahead, client);
  const bytes = [...head.bricks.values()].reduce((sum, brick) => sum + brick.length, 0);
  return [
    row(`open a read, document and snapshot at hand (${name})`, 'ms', quantile(times, 0.5), 1000, {
      what: 'folding the whole history',
      measured: replayed
    }),
    row(`undo after opening, once idle moments were used, p95 (${name})`, 'ms', quantile(warm, 0.95), undoBudget),
    row(`undo at once after opening, p50 (${name})`, 'ms', quantile(cold, 0.5), null),
    row(`undo at once after opening, p95 (${name})`, 'ms', quantile(cold, 0.95), null),
    row(`idle time used to decode strokes ahead (${name})`, 'ms', idle, null),
    row(`document (${name})`, 'kB', state.length / 1000, null),
    row(`head snapshot (${name})`, 'kB', bytes / 1000, null)
  ];
}

/** Undoes 40 gestures of one person in a map without a document: milliseconds each. */
function undoOpened(map: LabelMap, client: number): number[] {
  const history = new UndoHistory(id => id === client, map);
  const times: number[] = [];
  let clock = map.frontier()[String(client)] ?? 0;
  for (let n = 0; n < 40; n++) {
    for (const target of history.undoable()) {
      const id = { client, clock: clock++ };
      const record = { lamport: map.nextLamport(), target, hidden: true };
      times.push(timed(() => map.insert(id, encodeVisibility(record))));
      history.note(id, { kind: 'visibility', ...record });
    }
  }
  return times;
}

function timed(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** CPU part of a pointer move: brush, provisional paint in the bitmap, dirty boxes. */
export function benchBrush(strokes = 300): BenchRow[] {
  const painter = new StrokePainter({ dims: WORKLOAD_DIMS, spacing: [1, 1, 1] });
  const map = new LabelMap(WORKLOAD_DIMS);
  const moves: number[] = [];
  for (const { strokes: round } of standardWorkload({ strokes })) {
    for (const { plane, radius, segment, points } of round) {
      painter.begin({ shape: plane === 3 ? 'sphere' : 'disc', radius, axis: plane === 3 ? 2 : plane });
      for (let at = 0; at < points.length; at += 3) {
        const voxel = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0] as const;
        moves.push(
          timed(() => {
            painter.moveTo(voxel);
            const covered = painter.newlyCovered();
            if (covered !== null) map.paintProvisional(covered, segment);
          })
        );
      }
      map.discardProvisional();
    }
  }
  return [
    row('brush move, CPU part, p50', 'ms', quantile(moves, 0.5), 0.5),
    row('brush move, CPU part, p95', 'ms', quantile(moves, 0.95), 4)
  ];
}

/** Random sessions against the plain rule. */
export function benchFuzz(deliveries = 1_000_000, seed = 2026): BenchRow[] {
  const result = runFuzz(engine, { deliveries, seed });
  if (result.faults.length > 0) throw new Error(result.faults.join('\n'));
  const told = `${result.deliveries} deliveries, ${result.late} late, ${result.compactions} compactions, seed ${seed}`;
  return [row(`replicas of ${result.replicas} that diverged (${told})`, '', result.diverged, 0)];
}

/** The parts of the benchmark, one after the other. */
export function* labelMapBenchmarks(quick = false): Generator<BenchRow[]> {
  yield benchSession(quick ? 300 : 2000);
  if (!quick) yield benchSession(20_000);
  yield benchBrush(quick ? 60 : 300);
  yield benchFuzz(quick ? 20_000 : 1_000_000);
}

if (import.meta.main) tellRows([...labelMapBenchmarks(process.argv.includes('--quick'))].flat());
