import type { JobPriority } from '@voxcord/schemas/api';

/** A job that waits, in the order in which it was asked for. */
export interface WaitingJob {
  readonly id: string;
  readonly person: string;
  readonly priority: JobPriority;
}

/**
 * Which job is next: one of the person who has waited longest for a turn, and of theirs the first that is wanted now, else
 * the first. So whoever has asked for a hundred does not keep somebody who has asked for one waiting for all of them.
 *
 * @param waiting in the order of asking
 * @param lastTurns when somebody's last job began, as a number that grows; nobody is in it who had none
 */
export function chooseNext(
  waiting: readonly WaitingJob[],
  lastTurns: ReadonlyMap<string, number>
): WaitingJob | undefined {
  let chosen: WaitingJob | undefined;
  for (const job of waiting) if (chosen === undefined || comesBefore(job, chosen, lastTurns)) chosen = job;
  return chosen;
}

/** `job` was asked for later. */
function comesBefore(job: WaitingJob, other: WaitingJob, lastTurns: ReadonlyMap<string, number>): boolean {
  if (job.person === other.person) return job.priority === 'now' && other.priority === 'later';
  return (lastTurns.get(job.person) ?? -1) < (lastTurns.get(other.person) ?? -1);
}
