import type { readingOperations } from '@voxcord/schemas/api';
import type { Reading } from '../studies/reading.js';
import type { HandlersOf } from './handlers.js';

/** What the operations of protocols, people, reads, revisions and signatures do. */
export function makeReadingHandlers(reading: Reading): HandlersOf<typeof readingOperations> {
  const { signing, protocols, members, assignments, reads, revisions, origins, strata, trail, refresh } = reading;
  return {
    listPeople: ({ person }) => members.listPeople(person),
    listMembers: ({ person, params }) => members.list(person, params.projectId),
    setMember: ({ person, params, body }) => members.set(person, params.projectId, params.username, body),
    removeMember: async ({ person, params }) => {
      await members.remove(person, params.projectId, params.username);
      return undefined;
    },

    getSigningKey: ({ person }) => signing.state(person),
    setPassphrase: ({ person, body }) => signing.setPassphrase(person, body),

    listProtocols: ({ person, params }) => protocols.list(person, params.projectId),
    saveProtocolDraft: ({ person, params, body }) => protocols.saveDraft(person, params.projectId, body),
    discardProtocolDraft: async ({ person, params }) => {
      await protocols.discardDraft(person, params.projectId);
      return undefined;
    },
    lockProtocol: ({ person, params, body }) => protocols.lock(person, params.projectId, body),

    assignReaders: ({ person, params, body }) => assignments.assign(person, params.caseId, body),
    withdrawAssignment: async ({ person, params }) => {
      await assignments.withdraw(person, params.readId);
      return undefined;
    },
    listMyReads: ({ person }) => assignments.listOf(person),
    beginRead: async ({ person, params }) => {
      const read = await reads.begin(person, params.readId);
      await refresh.case_(read.caseId);
      return read;
    },
    submitRead: ({ person, params, body }) => reads.submit(person, params.readId, body),
    reopenRead: ({ person, params, body }) => reads.reopen(person, params.readId, body),
    listRevisions: ({ person, params }) => revisions.list(person, params.readId),
    listReadOrigins: ({ person, params }) => origins.list(person, params.readId),

    listStrata: ({ person, params }) => strata.list(person, params.projectId),
    changeStrata: ({ person, params, body }) => strata.change(person, params.projectId, body),

    listAuditEvents: ({ person, params, query }) => trail.list(person, params.projectId, query.after ?? 0)
  };
}
