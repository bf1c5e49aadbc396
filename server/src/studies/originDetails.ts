import { CopiedSegment, Id, ModelIdentity, Sha256, Username } from '@voxcord/schemas/api';
import { Timestamp, type PreAnnotation } from '@voxcord/schemas/files';
import { modelUsername } from '@voxcord/schemas/models';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** What stands with labels that were copied out of a model's read. */
const CopiedDetails = Type.Object({
  model: ModelIdentity,
  /** Read of the model, and its newest revision; null: it has none, outside a protocol. */
  read: Id,
  revision: Type.Union([Sha256, Type.Null()]),
  segments: Type.Array(CopiedSegment, { minItems: 1 }),
  at: Timestamp,
  by: Username
});
export type CopiedDetails = Static<typeof CopiedDetails>;

/** What stands with a model that has answered clicks. */
const ProposedDetails = Type.Object({
  model: ModelIdentity,
  proposals: Type.Literal(true),
  at: Timestamp,
  by: Username
});
export type ProposedDetails = Static<typeof ProposedDetails>;

const copied = Compile(CopiedDetails);
const proposed = Compile(ProposedDetails);

/** An entry of a read's `origins` that a model has brought there. */
export function modelOrigin(details: CopiedDetails | ProposedDetails): PreAnnotation {
  const { model } = details;
  return { kind: 'model', name: modelUsername(model), sha256: model.sha256, details: { ...details } };
}

/** Null: labels of a model were not copied, or not all is known of it. */
export function copiedDetails({ kind, details }: PreAnnotation): CopiedDetails | null {
  return kind === 'model' && copied.Check(details) ? details : null;
}

/** Null: no model has answered clicks, or not all is known of it. */
export function proposedDetails({ kind, details }: PreAnnotation): ProposedDetails | null {
  return kind === 'model' && proposed.Check(details) ? details : null;
}
