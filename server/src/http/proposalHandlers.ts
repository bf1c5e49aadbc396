import type { proposalOperations } from '@voxcord/schemas/api';
import type { Proposals } from '../proposals/proposals.js';
import type { HandlersOf } from './handlers.js';

/** What the operations of proposals do. */
export function makeProposalHandlers(proposals: Proposals): HandlersOf<typeof proposalOperations> {
  return {
    propose: ({ person, params, body }) => proposals.propose(person, params.readId, body)
  };
}
