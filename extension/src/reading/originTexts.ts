import type { TranslationBundle } from '@jupyterlab/translation';
import type { Read, ReadOrigin, Segment } from '@voxcord/schemas/api';
import { modelUsername } from '@voxcord/schemas/models';
import { instantText } from '../ui/dates.js';

type ModelOrigin = Exclude<ReadOrigin, { readonly kind: 'other' }>;

/** What a read owes to one model. */
export interface ModelLine {
  readonly sha256: string;
  /** With its title if its read is there to be seen, else by the name that it is filed under. */
  readonly model: string;
  /** Oldest first; what was done again stands where it was done last. */
  readonly uses: readonly { readonly kind: ModelOrigin['kind']; readonly text: string }[];
}

/** What a read owes to models, one line for each, in the order in which they came in. */
export function modelLines(
  origins: readonly ReadOrigin[],
  segments: readonly Pick<Segment, 'number' | 'name'>[],
  reads: readonly Pick<Read, 'reader'>[],
  trans: TranslationBundle
): ModelLine[] {
  const byModel = Map.groupBy(origins.filter(isOfModel), ({ model }) => model.sha256);
  return [...byModel].flatMap(([sha256, ofModel]) => {
    const [first] = ofModel;
    if (first === undefined) return [];
    const uses = new Map<string, ModelLine['uses'][number]>();
    for (const origin of ofModel) {
      const what = JSON.stringify(origin.kind === 'copied' ? [origin.by.username, origin.segments] : origin.kind);
      uses.delete(what);
      uses.set(what, { kind: origin.kind, text: useText(origin, segments, trans) });
    }
    return [{ sha256, model: titleOf(first, reads), uses: [...uses.values()] }];
  });
}

/** What else a read owes something to, by name. */
export function otherOrigins(origins: readonly ReadOrigin[]): string[] {
  return [...new Set(origins.flatMap(origin => (origin.kind === 'other' ? [origin.name] : [])))];
}

function isOfModel(origin: ReadOrigin): origin is ModelOrigin {
  return origin.kind !== 'other';
}

function titleOf({ model }: ModelOrigin, reads: readonly Pick<Read, 'reader'>[]): string {
  const username = modelUsername(model);
  const reader = reads.find(read => read.reader.username === username)?.reader;
  return reader?.displayName ?? `${model.name} ${model.version}`;
}

function useText(
  origin: ModelOrigin,
  segments: readonly Pick<Segment, 'number' | 'name'>[],
  trans: TranslationBundle
): string {
  const when = instantText(origin.at);
  const { displayName } = origin.by;
  if (origin.kind === 'proposed') return trans.__('proposals, first seen by %1, %2', displayName, when);
  const names = [...new Set(origin.segments.map(({ to }) => to))].map(
    number => segments.find(segment => segment.number === number)?.name ?? trans.__('segment %1', number)
  );
  return trans.__('%1 copied by %2, %3', names.join(', '), displayName, when);
}
