import { parentPort } from 'node:worker_threads';
import type { FoundThing } from './foundThing.js';
import { performProposal, type ProposalTask } from './proposalTask.js';

/*
 * Proposes beside the event loop, one thing after the other. `stop` is one number that whoever asked sets to 1 to have the
 * work given up.
 */

export interface ProposalRequest {
  readonly number: number;
  readonly task: ProposalTask;
  readonly stop: Int32Array<SharedArrayBuffer>;
}

export type ProposalReply =
  { readonly number: number; readonly found: FoundThing } | { readonly number: number; readonly failure: string };

if (parentPort !== null) {
  const port = parentPort;
  port.on('message', ({ number, task, stop }: ProposalRequest) => {
    let reply: ProposalReply;
    try {
      const found = performProposal(task, () => {
        if (Atomics.load(stop, 0) !== 0) throw new Error('Given up.');
      });
      reply = { number, found };
    } catch (error) {
      reply = { number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    port.postMessage(reply);
  });
}
