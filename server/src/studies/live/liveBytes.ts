/** For the consensus, per voxel: the number of its pattern of votes, its label and its disagreement. */
const CONSENSUS_BYTES = 4;

/** Memory that a live consensus takes, without the records of its reads: one more byte per voxel for each read. */
export function liveBytes(voxels: number, reads: number): number {
  return voxels * (reads + CONSENSUS_BYTES);
}
