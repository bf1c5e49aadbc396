import type { MappedChannel, Segment } from '@voxcord/schemas/api';
import type { ModelSegment } from '@voxcord/schemas/models';
import { lowestFreeNumber } from '../../segments/newSegments.js';

/** What becomes of the channels of a model in a read. */
export interface MatchedSegments {
  /** Of the read. */
  readonly segments: readonly Segment[];
  readonly channels: readonly MappedChannel[];
  /** Channels that no segment was found for. */
  readonly dropped: readonly ModelSegment[];
}

/**
 * Finds the segment of a label schema that each channel stands for: the first with a code in common (scheme and value),
 * else the first of the same name, whatever the case of its letters. No segment is given to two channels: those with a code
 * choose first. Retired segments are not given at all.
 *
 * @param isFixed the schema is that of a locked protocol, which no model changes: a channel without a segment is dropped,
 *   not added
 */
export function matchSegments(
  channels: readonly ModelSegment[],
  schema: readonly Segment[],
  isFixed: boolean
): MatchedSegments {
  const free = new Set(schema.filter(({ retired }) => !retired));
  const found = new Map<number, MappedChannel>();
  const take = (by: 'code' | 'name', fits: (channel: ModelSegment, segment: Segment) => boolean): void => {
    for (const each of channels) {
      if (found.has(each.channel)) continue;
      const segment = [...free].find(candidate => fits(each, candidate));
      if (segment === undefined) continue;
      free.delete(segment);
      found.set(each.channel, { channel: each.channel, segment: segment.number, by });
    }
  };
  take('code', haveACodeInCommon);
  take('name', ({ name }, segment) => plain(name) === plain(segment.name));
  const missing = channels.filter(({ channel }) => !found.has(channel));
  const added = isFixed ? [] : addSegments(missing, schema, found);
  return {
    segments: [...schema, ...added],
    channels: [...found.values()].sort((a, b) => a.channel - b.channel),
    dropped: missing.filter(({ channel }) => !found.has(channel))
  };
}

/** Segments for what a schema lacks, as long as there are numbers. */
function addSegments(
  missing: readonly ModelSegment[],
  schema: readonly Segment[],
  found: Map<number, MappedChannel>
): Segment[] {
  const taken = new Set(schema.map(({ number }) => number));
  return missing.flatMap(({ channel, name, colour, codes }) => {
    const number = lowestFreeNumber(taken);
    if (number === null) return [];
    taken.add(number);
    found.set(channel, { channel, segment: number, by: 'added' });
    return [{ number, name, colour, codes, retired: false }];
  });
}

export function haveACodeInCommon(a: Pick<Segment, 'codes'>, b: Pick<Segment, 'codes'>): boolean {
  return a.codes.some(({ scheme, value }) => b.codes.some(other => other.scheme === scheme && other.value === value));
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
