import type * as Engine from '../../src/labelmap/index.js';
import type { Dims, LabelMap, RecordEntry, RecordId, Snapshot } from '../../src/labelmap/index.js';
import { randomRegion } from './randomRegions.ts';
import { referenceFold, type ReferenceBase, type ReferenceRecord } from './referenceFold.ts';
import { sameVoxels } from './sameVoxels.ts';
import { SeededRandom } from './seededRandom.ts';

export interface FuzzOptions {
  /** Stops after the trial in which this many records have been delivered. */
  readonly deliveries: number;
  readonly seed: number;
}

export interface FuzzResult {
  readonly seed: number;
  readonly trials: number;
  readonly deliveries: number;
  /** Deliveries of a stroke that is older than one which its receiver had already. */
  readonly late: number;
  readonly hides: number;
  readonly compactions: number;
  /** Replicas reopened from snapshots. */
  readonly reopened: number;
  /** Replicas that learnt of a compaction while they lacked records or had records of their own from before it. */
  readonly returned: number;
  readonly replicas: number;
  /** Replicas that did not end with the bitmap of the reference fold. */
  readonly diverged: number;
  /** What else went wrong, in words. */
  readonly faults: string[];
}

interface Replica {
  map: LabelMap;
  readonly client: number;
  /** Records of the own log so far. */
  clock: number;
  readonly inbox: RecordEntry[];
  /** Everything it was ever given, less what compaction took from the document. */
  known: Map<string, RecordEntry>;
  base: Snapshot | null;
}

type Counters = { -readonly [Key in keyof FuzzResult]: FuzzResult[Key] };

const REPLICAS = 5;

/**
 * Random sessions on small grids: five replicas paint, undo and redo; records are delivered in any order, not even
 * causally; the server (replica 0) compacts at random times; replicas reopen from snapshots and return late.
 */
export function runFuzz(engine: typeof Engine, options: FuzzOptions): FuzzResult {
  const random = new SeededRandom(options.seed);
  const counters: Counters = {
    seed: options.seed,
    trials: 0,
    deliveries: 0,
    late: 0,
    hides: 0,
    compactions: 0,
    reopened: 0,
    returned: 0,
    replicas: 0,
    diverged: 0,
    faults: []
  };
  while (counters.deliveries < options.deliveries) {
    new Trial(engine, random, counters).run();
    counters.trials++;
  }
  return counters;
}

class Trial {
  private readonly engine: typeof Engine;
  private readonly random: SeededRandom;
  private readonly counters: Counters;
  private readonly dims: Dims;
  private readonly replicas: Replica[];
  private readonly records = new Map<string, ReferenceRecord>();
  private readonly strokes: RecordId[] = [];
  private base: (ReferenceBase & { readonly snapshot: Snapshot }) | null = null;

  constructor(engine: typeof Engine, random: SeededRandom, counters: Counters) {
    this.engine = engine;
    this.random = random;
    this.counters = counters;
    this.dims = [random.integer(1, 80), random.integer(20, 70), random.integer(1, 45)];
    this.replicas = Array.from({ length: REPLICAS }, (_, index) => ({
      map: new engine.LabelMap(this.dims, { cacheBytes: random.pick([2_000, 40_000, 4_000_000]) }),
      client: random.integer(0, 500) * 5 + index,
      clock: 0,
      inbox: [],
      known: new Map(),
      base: null
    }));
  }

  run(): void {
    const steps = this.random.integer(60, 320);
    for (let step = 0; step < steps; step++) this.step();
    for (const replica of this.replicas) this.settle(replica);
    this.compare();
  }

  private step(): void {
    const replica = this.random.pick(this.replicas);
    const draw = this.random.next();
    if (draw < 0.17) this.paint(replica);
    else if (draw < 0.24) this.toggle(replica);
    else if (draw < 0.94) this.deliver(replica);
    else if (draw < 0.96) this.reopen(replica);
    else if (draw < 0.97) this.compact();
    else if (draw < 0.985) this.learnBase(replica);
    else this.paintProvisionally(replica);
  }

  private paint(replica: Replica): void {
    const lamport = replica.map.nextLamport();
    const region = randomRegion(this.random, this.dims);
    const segment = this.random.chance(0.2) ? 0 : this.random.integer(1, 4);
    const bytes = this.engine.encodeStroke({
      lamport,
      segment,
      tool: 'brush',
      continues: false,
      region,
      dims: this.dims
    });
    const id = nextId(replica);
    this.strokes.push(id);
    this.publish(replica, bytes, { id, lamport, segment, region });
  }

  /** Hides or shows a stroke that the replica may not even know. */
  private toggle(replica: Replica): void {
    const target = this.strokes.at(-this.random.integer(1, 12));
    if (target === undefined || target.clock < (this.base?.frontier[String(target.client)] ?? 0)) return;
    // As in a real document, nobody undoes what they have not seen: the clock lies after the stroke's.
    const stroke = this.records.get(key(target));
    const lamport = Math.max(replica.map.nextLamport(), (stroke?.lamport ?? 0) + 1);
    const hidden = this.random.chance(0.7);
    const bytes = this.engine.encodeVisibility({ lamport, target, hidden });
    this.publish(replica, bytes, { id: nextId(replica), lamport, target, hidden });
    if (hidden) this.counters.hides++;
  }

  private publish(author: Replica, bytes: Uint8Array, reference: ReferenceRecord): void {
    const entry = { id: reference.id, bytes };
    this.records.set(key(entry.id), reference);
    for (const replica of this.replicas) {
      if (replica === author) this.insert(replica, entry);
      else replica.inbox.push(entry);
    }
  }

  private deliver(replica: Replica): void {
    const count = Math.min(replica.inbox.length, this.random.integer(1, 4));
    for (let i = 0; i < count; i++) this.insert(replica, this.takeNext(replica));
  }

  /** The server gets each log in order, as over a socket; the others in any order. */
  private takeNext(replica: Replica): RecordEntry {
    let at = this.random.integer(0, replica.inbox.length - 1);
    if (this.isServer(replica)) {
      const client = replica.inbox[at]?.id.client;
      at = replica.inbox.findIndex(({ id }) => id.client === client);
    }
    const [entry] = replica.inbox.splice(at, 1);
    if (entry === undefined) throw new Error('The inbox is empty.');
    return entry;
  }

  private insert(replica: Replica, entry: RecordEntry): void {
    this.counters.deliveries++;
    const reference = this.records.get(key(entry.id));
    if (reference !== undefined && reference.lamport < replica.map.highestLamport) this.counters.late++;
    if (entry.id.clock >= (replica.base?.frontier[String(entry.id.client)] ?? 0))
      replica.known.set(key(entry.id), entry);
    const before = this.random.chance(0.02) ? replica.map.bitmap.slice() : null;
    const boxes = replica.map.insert(entry.id, entry.bytes);
    if (before !== null) this.checkBoxes(before, replica.map.bitmap, boxes);
    if (this.random.chance(0.05) && replica.map.insert(entry.id, entry.bytes).length > 0) {
      this.fault('A record that was delivered twice changed voxels.');
    }
  }

  private isServer(replica: Replica): boolean {
    return replica === this.replicas[0];
  }

  private reopen(replica: Replica): void {
    this.counters.reopened++;
    // Only a map without gaps in its logs can stand for a frontier; any of the same base may serve.
    // The server makes heads for others and opens only what it made itself.
    const heads = this.replicas.filter(
      other => other.base === replica.base && isContiguous(other) && (!this.isServer(replica) || other === replica)
    );
    const head = heads.length > 0 && this.random.chance(0.8) ? this.random.pick(heads).map.snapshot() : null;
    const records = [...replica.known.values()];
    if (head === null || this.random.chance(0.5)) {
      replica.map = this.engine.LabelMap.open(this.dims, { base: replica.base, head, records });
      if (this.random.chance(0.5)) replica.map.decodeAhead(this.random.integer(0, 30));
      return;
    }
    // Some records come after opening, although the head holds them already.
    const later = records.filter(() => this.random.chance(0.2));
    const first = records.filter(entry => !later.includes(entry));
    replica.map = this.engine.LabelMap.open(this.dims, { base: replica.base, head, records: first });
    replica.map.insertMany(later);
    for (const [client, count] of Object.entries(head.frontier)) {
      for (let clock = 0; clock < count; clock++) this.bringFromHead(replica, { client: Number(client), clock });
    }
  }

  /** What the head shows is in the document too: the replica gets it at once. */
  private bringFromHead(replica: Replica, id: RecordId): void {
    const at = replica.inbox.findIndex(entry => key(entry.id) === key(id));
    if (at < 0) return;
    const [entry] = replica.inbox.splice(at, 1);
    if (entry !== undefined) this.insert(replica, entry);
  }

  private compact(): void {
    const [server] = this.replicas;
    if (server === undefined) return;
    const horizon = server.map.highestLamport - this.random.integer(0, 12);
    const snapshot = server.map.foldThrough(horizon);
    if (snapshot === null) return;
    this.counters.compactions++;
    if (server.map.rebase(snapshot).length > 0) this.fault('Compaction changed what the server shows.');
    const records = [...this.records.values()].filter(
      ({ id }) => id.clock < (snapshot.frontier[String(id.client)] ?? 0)
    );
    const bitmap = referenceFold(this.dims, records, this.base);
    this.base = { snapshot, frontier: snapshot.frontier, horizon: snapshot.lamport, bitmap };
    server.base = snapshot;
    dropFolded(server, snapshot);
  }

  /** A replica hears of the newest base; records that it never got are no longer in the document. */
  private learnBase(replica: Replica): void {
    const snapshot = this.base?.snapshot;
    if (snapshot === undefined || replica.base === snapshot) return;
    this.counters.returned++;
    const before = replica.map.bitmap.slice();
    const boxes = replica.map.rebase(snapshot);
    this.checkBoxes(before, replica.map.bitmap, boxes);
    replica.base = snapshot;
    dropFolded(replica, snapshot);
  }

  private paintProvisionally(replica: Replica): void {
    const { map } = replica;
    const region = randomRegion(this.random, this.dims, 8);
    map.paintProvisional(region, 9);
    const count = Math.min(replica.inbox.length, 3);
    for (let i = 0; i < count; i++) this.insert(replica, this.takeNext(replica));
    const [i, j, k] = region.box.min;
    const at = (k * this.dims[1] + j) * this.dims[0] + i;
    if (region.mask[0] !== 0 && map.bitmap[at] !== 9) this.fault('A delivery painted over provisional paint.');
    map.discardProvisional();
  }

  private settle(replica: Replica): void {
    while (replica.inbox.length > 0) this.insert(replica, this.takeNext(replica));
    this.learnBase(replica);
  }

  private compare(): void {
    const expected = referenceFold(this.dims, [...this.records.values()], this.base);
    const counts = new Float64Array(256);
    for (const label of expected) counts[label] = (counts[label] ?? 0) + 1;
    const fingerprints = new Set<string>();
    for (const { map } of this.replicas) {
      this.counters.replicas++;
      if (!sameVoxels(map.bitmap, expected)) this.counters.diverged++;
      if (!sameVoxels(map.counts(), counts)) this.fault('Counts differ from the bitmap.');
      fingerprints.add(JSON.stringify([...map.fingerprints()]));
    }
    if (fingerprints.size > 1) this.fault('Fingerprints of equal label maps differ.');
  }

  /** Every change must lie in a box. */
  private checkBoxes(before: Uint8Array, after: Uint8Array, boxes: readonly Engine.VoxelBox[]): void {
    const [ni, nj] = this.dims;
    for (let at = 0; at < after.length; at++) {
      if (before[at] === after[at]) continue;
      const [i, j, k] = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))];
      const inside = boxes.some(
        ({ min, max }) => i >= min[0] && i <= max[0] && j >= min[1] && j <= max[1] && k >= min[2] && k <= max[2]
      );
      if (!inside) {
        this.fault('A voxel changed outside the boxes that were reported.');
        return;
      }
    }
  }

  private fault(text: string): void {
    if (this.counters.faults.length < 20) this.counters.faults.push(`trial ${this.counters.trials}: ${text}`);
  }
}

function nextId(author: Replica): RecordId {
  return { client: author.client, clock: author.clock++ };
}

function isContiguous(replica: Replica): boolean {
  const frontier = replica.map.frontier();
  return [...replica.known.values()].every(({ id }) => id.clock < (frontier[String(id.client)] ?? 0));
}

function dropFolded(replica: Replica, snapshot: Snapshot): void {
  const isFolded = (id: RecordId): boolean => id.clock < (snapshot.frontier[String(id.client)] ?? 0);
  for (const [name, entry] of replica.known) if (isFolded(entry.id)) replica.known.delete(name);
  const left = replica.inbox.filter(({ id }) => !isFolded(id));
  replica.inbox.splice(0, replica.inbox.length, ...left);
}

function key(id: RecordId): string {
  return `${id.client}/${id.clock}`;
}
