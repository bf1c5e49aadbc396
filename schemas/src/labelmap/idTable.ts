import type { RecordId } from './records.js';

/** A map by record id. */
export class IdTable<Value> {
  private readonly clients = new Map<number, Map<number, Value>>();

  get(id: RecordId): Value | undefined {
    return this.clients.get(id.client)?.get(id.clock);
  }

  set(id: RecordId, value: Value): void {
    let clocks = this.clients.get(id.client);
    if (clocks === undefined) {
      clocks = new Map();
      this.clients.set(id.client, clocks);
    }
    clocks.set(id.clock, value);
  }

  delete(id: RecordId): void {
    const clocks = this.clients.get(id.client);
    clocks?.delete(id.clock);
    if (clocks?.size === 0) this.clients.delete(id.client);
  }

  /** Each client with its values by clock. */
  byClient(): Iterable<[number, ReadonlyMap<number, Value>]> {
    return this.clients;
  }

  *values(): Generator<Value> {
    for (const clocks of this.clients.values()) yield* clocks.values();
  }
}
