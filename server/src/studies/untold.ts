import { AuditActor, AuditSubject } from '@voxcord/schemas/files';
import Type, { type Static } from 'typebox';

/** What the audit log has to be told of a change of a document; it is stored with the change. */
export const Untold = Type.Union([
  Type.Object({
    /** Names the change, so that it is told once. */
    change: Type.String(),
    /** Whose chain: a project, or the service's own. */
    chain: Type.String(),
    actor: AuditActor,
    action: Type.String(),
    subject: AuditSubject,
    details: Type.Record(Type.String(), Type.Unknown())
  }),
  Type.Null()
]);
export type Untold = Static<typeof Untold>;
