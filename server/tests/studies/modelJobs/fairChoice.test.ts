import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseNext, type WaitingJob } from '../../../src/studies/modelJobs/fairChoice.js';
import { remainingSeconds } from '../../../src/studies/modelJobs/remainingTime.js';

const people = ['ada', 'ben', 'cleo', 'dora'] as const;
const asked = fc
  .array(fc.tuple(fc.constantFrom(...people), fc.constantFrom('now' as const, 'later' as const)), { maxLength: 40 })
  .map(jobs => jobs.map(([person, priority], index): WaitingJob => ({ id: `job ${index}`, person, priority })));

/** The order in which jobs run that were all asked for before the first one began. */
function orderOf(waiting: readonly WaitingJob[]): WaitingJob[] {
  const left = [...waiting];
  const turns = new Map<string, number>();
  const order: WaitingJob[] = [];
  for (let next = chooseNext(left, turns); next !== undefined; next = chooseNext(left, turns)) {
    turns.set(next.person, order.length);
    left.splice(left.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

function check(property: (waiting: WaitingJob[]) => void): void {
  fc.assert(fc.property(asked, property), { seed: 20261123, numRuns: 300 });
}

test('every job has its turn, once', () => {
  check(waiting => {
    expect(new Set(orderOf(waiting))).toEqual(new Set(waiting));
  });
});

test('of one person what is wanted now comes before what may come later, else in the order of asking', () => {
  check(waiting => {
    for (const person of people) {
      const own = waiting.filter(job => job.person === person);
      const first = (priority: string): WaitingJob[] => own.filter(job => job.priority === priority);
      const ran = orderOf(waiting).filter(job => job.person === person);
      expect(ran).toEqual([...first('now'), ...first('later')]);
    }
  });
});

test('nobody waits for a second job of anybody else while a job of theirs waits', () => {
  check(waiting => {
    const order = orderOf(waiting);
    for (const person of people) {
      const own = order.flatMap((job, at) => (job.person === person ? [at] : []));
      own.forEach((at, n) => {
        const since = order.slice(n === 0 ? 0 : (own[n - 1] ?? 0) + 1, at).map(job => job.person);
        expect(new Set(since).size).toBe(since.length);
      });
    }
  });
});

test('nothing is chosen of nothing', () => {
  expect(chooseNext([], new Map())).toBeUndefined();
});

test('the remaining time is not told before something is known, and is nothing at the end', () => {
  expect([remainingSeconds(0, 100), remainingSeconds(0.5, 1)]).toEqual([null, null]);
  expect([remainingSeconds(0.25, 60), remainingSeconds(1, 60)]).toEqual([180, 0]);
});
