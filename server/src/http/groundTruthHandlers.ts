import type {
  consensusOperations,
  evaluationOperations,
  fixedLabelMapOperations,
  releaseOperations
} from '@voxcord/schemas/api';
import { GroundTruthError } from '../studies/groundTruthError.js';
import type { GroundTruth } from '../studies/groundTruth.js';
import type { BinaryContent } from './binary.js';
import type { HandlersOf } from './handlers.js';

type Operations = typeof fixedLabelMapOperations &
  typeof consensusOperations &
  typeof releaseOperations &
  typeof evaluationOperations;

/** What the operations of consensus, adjudication, fixed label maps, releases and evaluations do. */
export function makeGroundTruthHandlers(truth: GroundTruth): HandlersOf<Operations> {
  const { drafts, adjudications, releases, references, differences, agreements, evaluations, maps } = truth;
  return {
    getFixedLabelMap: async ({ person, params }) => (await references.find(person, params.reference)).manifest,
    getFixedLabelMapPack: async ({ person, params }) =>
      packOf((await references.find(person, params.reference)).manifest),
    getDifference: ({ person, query }) => differences.between(person, query.before, query.after),

    startConsensus: ({ person, params, body }) => drafts.start(person, params.caseId, body),
    listConsensus: ({ person, params }) => drafts.list(person, params.caseId),
    getConsensus: ({ person, params }) => drafts.get(person, params.consensusId),
    cancelConsensus: async ({ person, params }) => {
      await drafts.cancel(person, params.consensusId);
      return undefined;
    },
    getDisagreement: async ({ person, params }) => {
      const { maps: of } = await drafts.findComputed(person, params.consensusId);
      return maps.manifest(of.disagreement);
    },
    getDisagreementPack: async ({ person, params }) => {
      const { maps: of } = await drafts.findComputed(person, params.consensusId);
      return packOf(await maps.manifest(of.disagreement));
    },
    getSoftMap: async ({ person, params }) => {
      const { maps: of } = await drafts.findComputed(person, params.consensusId);
      return maps.manifest(softMapOf(of.soft, params.number));
    },
    getSoftMapPack: async ({ person, params }) => {
      const { maps: of } = await drafts.findComputed(person, params.consensusId);
      return packOf(await maps.manifest(softMapOf(of.soft, params.number)));
    },
    getDisputeRegion: ({ person, params }) => adjudications.region(person, params.consensusId, params.dispute),
    beginAdjudication: ({ person, params }) => adjudications.begin(person, params.consensusId),
    decideDispute: ({ person, params, body }) => adjudications.decide(person, params.consensusId, params.dispute, body),
    listDecisions: ({ person, params }) => adjudications.list(person, params.consensusId),
    getProjectAgreement: ({ person, params }) => agreements.of(person, params.projectId),

    listReleases: ({ person, params }) => releases.list(person, params.projectId),
    prepareRelease: ({ person, params, body }) => releases.prepare(person, params.projectId, body),
    getRelease: ({ person, params }) => releases.get(person, params.releaseId),
    signRelease: ({ person, params, body }) => releases.sign(person, params.releaseId, body),
    withdrawRelease: async ({ person, params }) => {
      await releases.withdraw(person, params.releaseId);
      return undefined;
    },
    getReleaseArchive: async ({ person, params }) => fileOf(await releases.archive(person, params.releaseId)),
    getReleaseReport: async ({ person, params }) => fileOf(await releases.report(person, params.releaseId)),
    verifyRelease: ({ person, params }) => releases.verify(person, params.releaseId),

    listEvaluableReaders: ({ person, params }) => evaluations.readers(person, params.releaseId),
    startEvaluation: ({ person, params, body }) => evaluations.start(person, params.projectId, body),
    listEvaluations: ({ person, params }) => evaluations.list(person, params.projectId),
    getEvaluation: ({ person, params }) => evaluations.get(person, params.evaluationId),
    cancelEvaluation: async ({ person, params }) => {
      await evaluations.cancel(person, params.evaluationId);
      return undefined;
    }
  };
}

type Named = Pick<BinaryContent['parts'][number], 'sha256' | 'bytes'>;

function packOf({ hash, bricks }: { readonly hash: string; readonly bricks: readonly Named[] }): BinaryContent {
  return { etag: hash, parts: bricks };
}

function fileOf({ sha256, bytes }: Named): BinaryContent {
  return { etag: sha256, parts: [{ sha256, bytes }] };
}

function softMapOf(soft: readonly { readonly number: number; readonly map: string }[], number: number): string {
  const found = soft.find(each => each.number === number);
  if (found !== undefined) return found.map;
  throw new GroundTruthError('segment.no-soft-map', `The consensus has no map of segment ${number}.`);
}
