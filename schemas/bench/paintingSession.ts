import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import {
  LabelMap,
  RecordLog,
  UndoHistory,
  encodeStrokes,
  encodeVisibility,
  type PaintedRegion,
  type RecordId
} from '@voxcord/schemas/labelmap';
import { MessageType } from '@voxcord/schemas/rooms';
import { WORKLOAD_DIMS, strokeVoxels, type WorkloadRound } from './workload.ts';

const SYNC_UPDATE = 2;

/** One reader's document and label map. */
export class Reader {
  readonly doc = new Y.Doc({ gc: true });
  readonly log = new RecordLog(this.doc);
  readonly map = new LabelMap(WORKLOAD_DIMS);
  readonly history: UndoHistory;
  readonly updates: Uint8Array[] = [];

  constructor(client: number) {
    this.doc.clientID = client;
    this.history = new UndoHistory(id => id === client, this.map);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this.log) this.updates.push(update);
    });
    this.log.observe(entries => {
      this.map.insertMany(entries);
      for (const { id } of entries) {
        const state = this.map.record(id);
        if (state !== null) this.history.note(id, state.record);
      }
    });
  }

  paint(region: PaintedRegion, segment: number): void {
    const lamport = this.map.nextLamport();
    const records = encodeStrokes({ lamport, segment, tool: 'brush', continues: false, region, dims: WORKLOAD_DIMS });
    this.log.appendMany(records);
  }

  setHidden(targets: readonly RecordId[], hidden: boolean): void {
    const lamport = this.map.nextLamport();
    this.log.appendMany(targets.map((target, index) => encodeVisibility({ lamport: lamport + index, target, hidden })));
  }

  /** Updates of the own log since the last call. */
  take(): Uint8Array[] {
    return this.updates.splice(0);
  }
}

/** An update as it travels: y-protocols' sync message around it. */
export function wireSize(update: Uint8Array): number {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.sync);
  encoding.writeVarUint(encoder, SYNC_UPDATE);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.length(encoder);
}

export interface PlayedStroke {
  readonly reader: number;
  readonly segment: number;
  readonly region: PaintedRegion;
}

export interface PlayResult {
  readonly readers: readonly Reader[];
  /** Bytes on the wire of each stroke. */
  readonly wire: number[];
  /** Milliseconds: own stroke encoded, stored in the document and folded. */
  readonly local: number[];
  /** Milliseconds: update received, applied to the document and folded. */
  readonly remote: number[];
}

/** Plays a workload: in each round all readers paint, then everybody gets everything. */
export function play(
  rounds: readonly WorkloadRound[],
  readerCount: number,
  afterRound: (strokes: readonly PlayedStroke[], readers: readonly Reader[], round: number) => void
): PlayResult {
  const readers = Array.from({ length: readerCount }, (_, index) => new Reader(1000 + index));
  const [wire, local, remote]: [number[], number[], number[]] = [[], [], []];
  rounds.forEach((round, number) => {
    const strokes = round.strokes.map(stroke => ({
      reader: stroke.reader,
      segment: stroke.segment,
      region: strokeVoxels(stroke)
    }));
    const sent = strokes.map(({ reader, region, segment }) => {
      const painter = reader < readers.length ? readers[reader] : undefined;
      if (painter === undefined) throw new Error(`There is no reader ${reader}.`);
      const start = performance.now();
      painter.paint(region, segment);
      local.push(performance.now() - start);
      const updates = painter.take();
      wire.push(updates.reduce((sum, update) => sum + wireSize(update), 0));
      return { painter, updates };
    });
    for (const { painter, updates } of sent) {
      for (const receiver of readers) {
        if (receiver === painter) continue;
        const start = performance.now();
        for (const update of updates) Y.applyUpdate(receiver.doc, update, 'remote');
        remote.push(performance.now() - start);
      }
    }
    afterRound(strokes, readers, number);
  });
  return { readers, wire, local, remote };
}
