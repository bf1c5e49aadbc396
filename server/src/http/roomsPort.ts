import type { LabelMapFingerprint, LabelMapHead, NewSegment, Segment, SegmentChange } from '@voxcord/schemas/api';

/** What the REST API needs of the rooms. */
export interface RoomsPort {
  readSegments(readId: string): Promise<Segment[]>;
  addSegment(readId: string, segment: NewSegment): Promise<Segment>;
  changeSegment(readId: string, number: number, change: SegmentChange): Promise<Segment>;
  labelMap(readId: string): { head(): Promise<LabelMapHead>; fingerprint(): Promise<LabelMapFingerprint> };
}
