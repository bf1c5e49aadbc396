import type { Projects } from '../projects/projects.js';
import type { Store } from '../store/store.js';
import { Adjudications } from './adjudication/adjudications.js';
import { Decisions } from './adjudication/decisions.js';
import { ProjectAgreements } from './agreement/projectAgreements.js';
import { ConsensusDrafts } from './consensus/consensusDrafts.js';
import { readDecision } from './consensus/consensusRecords.js';
import { Differences } from './differences/differences.js';
import { Evaluations } from './evaluations/evaluations.js';
import { FixedLabelMaps } from './fixedLabelMaps.js';
import { JobQueue } from './jobs/jobQueue.js';
import { LabelMapReferences } from './labelMapReferences.js';
import type { Reading } from './reading.js';
import { CaseTruths } from './releases/caseTruth.js';
import { ReleaseMaking } from './releases/releaseMaking.js';
import { Releases } from './releases/releases.js';

/** The truth half of a study: consensus, adjudication, releases, and what is measured of them. */
export interface GroundTruth {
  readonly drafts: ConsensusDrafts;
  readonly adjudications: Adjudications;
  readonly releases: Releases;
  readonly references: LabelMapReferences;
  readonly differences: Differences;
  readonly agreements: ProjectAgreements;
  readonly evaluations: Evaluations;
  readonly maps: FixedLabelMaps;
  /** Stops computations; they begin anew when the service starts. */
  close(): Promise<void>;
}

export interface GroundTruthParts {
  readonly store: Store;
  readonly projects: Projects;
  readonly reading: Reading;
  readonly now: () => Date;
  /** Told of computations that failed for a reason that is not their input's. */
  readonly reportFailure: (error: unknown) => void;
}

/** Computations at a time: each takes a core, and memory for all reads of a case. */
const AT_A_TIME = 1;

/** Puts the parts together and goes on with what was not finished when the service ended. */
export async function openGroundTruth(parts: GroundTruthParts): Promise<GroundTruth> {
  const { store, projects, reading, now } = parts;
  const { access } = projects;
  const { journal, turns, signing, released, refresh, blindness } = reading;
  const maps = new FixedLabelMaps(store);
  const jobs = new JobQueue(AT_A_TIME, parts.reportFailure);
  const decisions = new Decisions(store, journal, now);
  const drafts = new ConsensusDrafts({ store, access, journal, maps, jobs, decisions, now });
  const adjudications = new Adjudications({ store, access, drafts, decisions, maps, journal, turns, now });
  const truths = new CaseTruths({ store, access, drafts, decisions, adjudications, maps });
  const { audit } = journal;
  const making = new ReleaseMaking({
    store,
    access,
    journal,
    audit,
    signing,
    truths,
    decisions,
    maps,
    jobs,
    released,
    refresh,
    now
  });
  const releases = new Releases({ store, access, blindness, journal, turns, signing, truths, making, jobs, now });
  // Beside the others: whoever waits for a consensus does not wait for an evaluation.
  const evaluationJobs = new JobQueue(AT_A_TIME, parts.reportFailure);
  const evaluations = new Evaluations({ store, access, journal, turns, maps, releases, jobs: evaluationJobs, now });
  const references = new LabelMapReferences({ store, access, drafts, releases, maps });
  reading.reads.addRule(adjudications);
  await journal.recover('decision', readDecision, value => readDecision(value).id);
  await drafts.resume();
  await making.resume();
  await evaluations.resume();
  return {
    drafts,
    adjudications,
    releases,
    references,
    maps,
    differences: new Differences(store, maps, references),
    agreements: new ProjectAgreements(store, access, drafts),
    evaluations,
    close: async () => {
      await Promise.all([jobs.close(), evaluationJobs.close()]);
    }
  };
}
