import { fillBrick, LabelMap, voxelCount } from '@voxcord/schemas/labelmap';
import type { Dims, Snapshot } from '@voxcord/schemas/labelmap';
import * as Y from 'yjs';
import { contentOfLabelMap } from '../truth/labelMapContent.js';
import type { BaseLimits, FoldAnswer, FoldRequest, NamedSnapshot } from './foldRequests.js';
import { nameBricks } from './nameBricks.js';
import { unpackRecords } from './packedRecords.js';

/** The label map was closed to make room for others. */
export class FoldClosed extends Error {
  override readonly name = 'FoldClosed';
}

const NOTHING_KNOWN: ReadonlySet<string> = new Set();

/** The label maps that one thread holds. */
export class Folds {
  readonly #labelMaps = new Map<number, LabelMap>();

  answer(request: FoldRequest): FoldAnswer {
    switch (request.name) {
      case 'open': {
        const { fold, dims, base, head, records } = request.ask;
        this.#labelMaps.set(fold, LabelMap.open(dims, { base, head, records: unpackRecords(records) }));
        return null;
      }
      case 'insert':
        this.#labelMap(request.ask.fold).insertMany(unpackRecords(request.ask.records));
        return null;
      case 'snapshot':
        return nameSnapshot(this.#labelMap(request.ask.fold).snapshot(), request.ask.known);
      case 'fingerprint': {
        const labelMap = this.#labelMap(request.ask.fold);
        return { frontier: labelMap.frontier(), bricks: Object.fromEntries(labelMap.fingerprints()) };
      }
      case 'labels': {
        const labelMap = this.#labelMap(request.ask.fold);
        return { bitmap: labelMap.bitmap.slice(), frontier: labelMap.frontier() };
      }
      case 'content': {
        const { bitmap, dims } = this.#labelMap(request.ask.fold);
        return contentOfLabelMap(bitmap, dims);
      }
      case 'makeBase':
        return makeBase(this.#labelMap(request.ask.fold), request.ask.limits);
      case 'rebase':
        this.#labelMap(request.ask.fold).rebase(request.ask.base);
        return null;
      case 'close':
        this.#labelMaps.delete(request.ask.fold);
        return null;
      case 'segmentsIn':
        return segmentsIn(request.ask.dims, request.ask.snapshot);
      case 'verifyState':
        return verifyState(request.ask.state, request.ask.snapshot);
    }
  }

  #labelMap(fold: number): LabelMap {
    const labelMap = this.#labelMaps.get(fold);
    if (labelMap === undefined) throw new FoldClosed('This label map is not open.');
    return labelMap;
  }
}

function nameSnapshot({ frontier, lamport, bricks }: Snapshot, known: ReadonlySet<string>): NamedSnapshot {
  const named = nameBricks(bricks).map(brick => (known.has(brick.sha256) ? { ...brick, content: null } : brick));
  return { frontier, lamport, bricks: named };
}

function makeBase(labelMap: LabelMap, { keepRecords, below, atLeast }: BaseLimits): NamedSnapshot | null {
  const horizon = Math.min(labelMap.horizonKeeping(keepRecords), below - 1);
  if (labelMap.records().filter(({ record }) => record.lamport <= horizon).length < atLeast) return null;
  const base = labelMap.foldThrough(horizon);
  return base === null ? null : nameSnapshot(base, NOTHING_KNOWN);
}

function segmentsIn(dims: Dims, { bricks }: Snapshot): Set<number> {
  const counts = new Float64Array(256);
  const bitmap = new Uint8Array(voxelCount(dims));
  for (const [index, bytes] of bricks) fillBrick(bytes, index, dims, bitmap, { isBlank: true, counts });
  const segments = new Set<number>();
  counts.forEach((count, segment) => {
    if (segment !== 0 && count > 0) segments.add(segment);
  });
  return segments;
}

function verifyState(state: Uint8Array, snapshot: Uint8Array): boolean {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const isComplete = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  return isComplete && Y.equalSnapshots(Y.snapshot(doc), Y.decodeSnapshot(snapshot));
}
