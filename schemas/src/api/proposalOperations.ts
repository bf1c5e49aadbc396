import Type from 'typebox';
import type { Operation } from './operations.js';
import { NewProposal, Proposal } from './proposals.js';
import { Id } from './values.js';

const read = Type.Object({ readId: Id });

/** What methods and models propose for places that somebody has pointed at. */
export const proposalOperations = {
  propose: {
    method: 'POST',
    path: '/reads/{readId}/proposals',
    summary: 'A 3D proposal from places on a thing and beside it; nothing is stored',
    params: read,
    body: NewProposal,
    response: Proposal,
    status: 200
  }
} as const satisfies Readonly<Record<string, Operation>>;
