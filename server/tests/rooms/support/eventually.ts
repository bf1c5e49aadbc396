import { expect } from 'vitest';

/** Asks again until the expectation holds: what is awaited takes longer on a busy machine. */
export function eventually<Value>(value: () => Value): ReturnType<typeof expect.poll<Awaited<Value>>> {
  return expect.poll(async () => await value(), { timeout: 30_000, interval: 20 });
}
