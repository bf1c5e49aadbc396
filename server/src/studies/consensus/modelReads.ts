import type { ConsensusRules, ShapeMethod } from '@voxcord/schemas/api';
import type { StoredRead } from '../../projects/records.js';

/**
 * Reads of models that stand beside those of people: of each model the newest, made under a protocol; one that was asked
 * for under an earlier version and came later does not take the place of one under a later version. They never count
 * towards the readers that the protocol asks for.
 */
export function readsOfModels(reads: readonly StoredRead[]): StoredRead[] {
  const newest = new Map<string, StoredRead>();
  for (const read of reads) {
    if (read.purpose !== 'model' || read.protocol === null || read.withdrawn) continue;
    const known = newest.get(read.reader.username)?.protocol?.version ?? 0;
    if (known > read.protocol.version) continue;
    // A later one takes the place of the earlier one, behind those that are there.
    newest.delete(read.reader.username);
    newest.set(read.reader.username, read);
  }
  return [...newest.values()];
}

/** Those that have a say by these rules. */
export function modelsThatVote(
  reads: readonly StoredRead[],
  { modelWeight }: Pick<ConsensusRules, 'modelWeight'>
): StoredRead[] {
  return modelWeight > 0 ? readsOfModels(reads) : [];
}

/**
 * Methods of the rules that count all readers alike, and so cannot count a model as a part of a person. Empty if models
 * count as nothing or as a person.
 */
export function methodsWithoutWeights({ structures, lesions, modelWeight }: ConsensusRules): string[] {
  if (modelWeight === 0 || modelWeight === 1) return [];
  return [...new Set([structures, lesions.shape].filter(countsAllAlike).map(nameOf))];
}

function countsAllAlike(method: ShapeMethod): boolean {
  return method.id === 'vote.kofn' ? method.threshold !== null : method.id !== 'sba';
}

function nameOf(method: ShapeMethod): string {
  return method.id === 'vote.kofn' ? `${method.threshold} votes of all readers` : method.id;
}
