import type { Change, Person, ProtocolContent } from '@voxcord/schemas/api';
import type {
  AdjudicationDecision,
  ChangeReport,
  ConsensusRecord,
  CriterionResult,
  RaterProfile,
  ReleasedProtocol
} from '@voxcord/schemas/files';
import { changesBetween } from '@voxcord/schemas/protocol';
import type { StoredVolume } from '../../projects/records.js';
import { segmentsOf } from '../../projects/presentation.js';
import { protocolHash, SOFTWARE } from '../../truth/index.js';
import type { Decision, LabelMapSnapshot } from '@voxcord/schemas/api';
import type { StoredProject } from '../../projects/records.js';
import type { StoredProtocol, StoredRevision } from '../records.js';
import type { CaseTruth } from './caseTruth.js';
import { groupTables } from './groupTables.js';
import { metricTables } from './metricTables.js';
import type { MapPlan, PicturePlan, PlannedCase, ReleasePlan } from './releasePlan.js';
import type { StoredRelease } from './releaseRecords.js';

/** One case with everything that a release tells of it. */
export interface PlannedTruth {
  readonly truth: CaseTruth;
  readonly volume: StoredVolume;
  readonly revisions: readonly StoredRevision[];
  readonly soft: readonly { readonly number: number; readonly map: LabelMapSnapshot }[];
  readonly decisions: readonly Decision[];
  /** Groups that the case belongs to. */
  readonly strata: Readonly<Record<string, string>>;
}

export interface ReleaseSources {
  readonly release: StoredRelease;
  readonly project: StoredProject;
  /** All locked versions, ascending. */
  readonly protocols: readonly StoredProtocol[];
  readonly protocol: StoredProtocol;
  readonly cases: readonly PlannedTruth[];
  readonly parent: StoredRelease | null;
  /** Id of the key that will seal the release. */
  readonly serviceKey: string;
}

/** What stands in a release, as plain data. Pure. */
export function planRelease(sources: ReleaseSources): ReleasePlan {
  const { release, project, protocol, cases, parent } = sources;
  const { content } = protocol;
  const truths = cases.map(({ truth }) => truth);
  return {
    project: { id: project.id, title: project.title, description: project.description },
    version: release.version,
    createdAt: release.createdAt,
    notes: release.notes,
    protocols: releasedProtocols(sources),
    segments: segmentsOf(protocol),
    cases: cases.map(each => plannedCase(each, content)),
    tables: [...metricTables(truths, content.segments, content.agreement), ...groupTables(release.cases)],
    criteria: truths.flatMap(releasedCriteria),
    parents: parent === null ? [] : [{ version: parent.version, sha256: parent.manifest ?? '' }],
    changes: parent === null ? null : changeReport(release, parent, content),
    raters: raterProfiles(sources),
    dataset: datasetFields(sources),
    serviceKey: sources.serviceKey
  };
}

/** Those that reads were made by, and the one in force. */
function releasedProtocols({ protocols, protocol, cases }: ReleaseSources): ReleasedProtocol[] {
  const used = new Set(cases.flatMap(({ revisions }) => revisions.map(({ protocolVersion }) => protocolVersion)));
  used.add(protocol.version);
  return protocols.flatMap((each, index) => {
    const { version, content, lock } = each;
    if (lock === null || !used.has(version)) return [];
    const { signature, envelope } = lock.signed;
    const before = protocols[index - 1];
    return [
      {
        version,
        sha256: protocolHash(content),
        content: { ...content },
        lockedAt: signature.time,
        lockedBy: { username: signature.username, name: signature.name },
        afterFirstRead: lock.afterFirstRead,
        changes: before === undefined ? [] : changesBetween(before.content, content).map(describeChange),
        signatures: [envelope]
      }
    ];
  });
}

function describeChange({ path, before, after }: ReturnType<typeof changesBetween>[number]): string {
  return `${path}: ${before ?? 'nothing'} -> ${after ?? 'nothing'}`;
}

function plannedCase(
  { truth, volume, revisions, soft, decisions, strata }: PlannedTruth,
  content: ProtocolContent
): PlannedCase {
  const { case_ } = truth.seen;
  const { name, modality, hash, grid, fileGrid } = volume.volume;
  return {
    id: case_.id,
    title: case_.title,
    image: {
      volume: hash,
      name,
      modality,
      identifiers: {},
      deidentification: content.dataset.deidentification
    },
    geometry: { grid, fileGrid },
    truth: mapPlan(truth.labelMap),
    soft: soft.map(({ number, map }) => ({ segment: number, map: mapPlan(map) })),
    reads: revisions.map(({ manifest, signed, labelMap }) => ({
      manifest,
      signatures: [signed.envelope],
      map: mapPlan(labelMap)
    })),
    picture: picturePlan(volume),
    consensus: consensusRecord(truth, revisions),
    adjudication: adjudicationRecord(truth),
    decisions: decisions.map(decision => decisionRecord(decision, truth)),
    strata: { ...strata }
  };
}

function adjudicationRecord({ adjudication }: CaseTruth): PlannedCase['adjudication'] {
  if (adjudication === null) return null;
  const { hash, manifest, signed } = adjudication;
  return { sha256: hash, manifest, signatures: [signed.envelope] };
}

function mapPlan({ dims, bricks }: LabelMapSnapshot): MapPlan {
  return { dims, bricks: bricks.map(({ index, sha256 }) => ({ index, sha256 })) };
}

/** Width 400, level 40: as a CT is shown when it is opened. */
const CT_WINDOW = [-160, 240] as const;

function picturePlan({ volume, rendition }: StoredVolume): PicturePlan {
  const { grid, modality, voxelType, slope, intercept, robustRange } = volume;
  const window = modality === 'CT' ? CT_WINDOW : robustRange;
  const [ni, nj, nk] = grid.dims;
  return { rendition, voxels: ni * nj * nk, voxelType, slope, intercept, window };
}

function consensusRecord({ draft, computed }: CaseTruth, revisions: readonly StoredRevision[]): ConsensusRecord {
  const { result } = computed;
  const { structures, lesions } = draft.rules;
  const methods = [...new Set(result.segments.map(({ method }) => method))].sort();
  const usernames = new Map(draft.readers.map(({ letter, reader }) => [letter, reader.username]));
  return {
    method: methods.length === 0 ? structures.id : methods.join(', '),
    engine: { ...SOFTWARE },
    parameters: { rules: draft.rules, agreement: draft.agreementRules },
    roi: {
      structures: 'region' in structures ? structures.region : null,
      lesions: 'region' in lesions.shape ? lesions.shape.region : null
    },
    ties: 'ties' in structures ? structures.ties : 'ties' in lesions.shape ? lesions.shape.ties : 'undecided',
    inputs: revisions
      .filter(({ hash }) => draft.readers.some(({ revision, weight }) => revision === hash && weight > 0))
      .map(({ hash, manifest }) => ({ revision: hash, root: manifest.labelMap.root })),
    segments: result.segments.map(({ number, performance, iterations, voxels, undecidedVoxels }) => ({
      segment: number,
      readers: performance.map(({ letter, sensitivity, specificity }) => ({
        reader: usernames.get(letter) ?? letter,
        sensitivity,
        specificity
      })),
      iterations,
      voxels,
      undecidedVoxels
    })),
    warnings: [...draft.warnings, ...result.warnings].map(({ text }) => text),
    computedAt: draft.createdAt
  };
}

function decisionRecord(decision: Decision, { draft, computed, outcomes }: CaseTruth): AdjudicationDecision {
  const dispute = computed.result.disputes.find(({ number }) => number === decision.dispute);
  const outcome = outcomes.find(each => each.dispute === decision.dispute);
  const { choice } = decision;
  const chosen =
    choice.kind === 'reader'
      ? `reader ${draft.readers.find(({ letter }) => letter === choice.letter)?.reader.displayName ?? choice.letter}`
      : choice.kind === 'consensus'
        ? 'the consensus'
        : choice.kind === 'painted'
          ? 'painted by the adjudicator'
          : 'left open';
  return {
    id: `${draft.id}/${decision.dispute}/${decision.at}`,
    question: `Dispute ${decision.dispute} (${dispute?.kind ?? 'unknown'}, ${(dispute?.volumeMl ?? 0).toFixed(3)} ml): who is right?`,
    candidates: (dispute?.candidates ?? []).map(candidate => ({ ...candidate })),
    decision: outcome?.outcome === 'painted' && choice.kind !== 'painted' ? `${chosen}; painted afterwards` : chosen,
    reason: decision.reason,
    adjudicator: { username: decision.by.username, name: decision.by.displayName },
    time: decision.at,
    shown: { ...decision.shown, outcome: outcome?.outcome ?? null, differingVoxels: outcome?.differing ?? null }
  };
}

function releasedCriteria({ seen, computed }: CaseTruth): CriterionResult[] {
  return computed.result.criteria.map(({ expression, met, values, reason }) => ({
    expression,
    scope: seen.case_.id,
    holds: met,
    explanation:
      reason ??
      values
        .map(
          ({ name, value, unit }) =>
            `${name} = ${value === null ? 'nothing' : Number(value.toPrecision(6))}${unit === '' ? '' : ` ${unit}`}`
        )
        .join(', ')
  }));
}

function changeReport(release: StoredRelease, parent: StoredRelease, { segments }: ProtocolContent): ChangeReport {
  const names = new Map(segments.map(({ number, name }) => [number, name]));
  const cases = release.cases.map(({ caseId, title, changes, strata }) => {
    const before = parent.cases.find(each => each.caseId === caseId);
    return {
      case: caseId,
      title,
      ofTruth: changes === null ? ['The case is new.'] : changes.map(change => describeTruthChange(change, names)),
      ofGroups: before === undefined ? [] : groupChanges(before.strata ?? {}, strata ?? {}),
      details: { changes: changes ?? [] }
    };
  });
  const changed = cases.filter(({ ofTruth }) => ofTruth.length > 0).length;
  const regrouped = cases.filter(({ ofGroups }) => ofGroups.length > 0).length;
  const gone = parent.cases.filter(({ caseId }) => !release.cases.some(each => each.caseId === caseId)).length;
  const summary =
    changed === 0 && gone === 0
      ? `The truth is that of ${parent.version}.`
      : `${changed} of ${cases.length} cases are new or have changed since ${parent.version}` +
        (gone === 0 ? '.' : `; ${gone} are no longer in it.`);
  return {
    from: parent.version,
    summary: regrouped === 0 ? summary : `${summary} Groups have changed: ${regrouped} of ${cases.length} cases.`,
    cases: cases.map(({ ofTruth, ofGroups, ...each }) => ({ ...each, changes: [...ofTruth, ...ofGroups] }))
  };
}

function groupChanges(before: PlannedTruth['strata'], after: PlannedTruth['strata']): string[] {
  const [had, has] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...had.keys(), ...has.keys()])]
    .sort()
    .filter(name => had.get(name) !== has.get(name))
    .map(name => `Group ${name}: ${had.get(name) ?? 'none'} -> ${has.get(name) ?? 'none'}`);
}

function describeTruthChange(change: Change, names: ReadonlyMap<number, string>): string {
  const name = names.get(change.segment) ?? `segment ${change.segment}`;
  const volume = `${change.volumeBeforeMl.toFixed(3)} to ${change.volumeAfterMl.toFixed(3)} ml`;
  switch (change.kind) {
    case 'relabelled': {
      const previous = change.previousSegment === null ? 'something else' : names.get(change.previousSegment);
      return `${name}: was ${previous ?? 'another segment'} (${volume})`;
    }
    case 'moved': {
      const { meanMovement, maximumMovement } = change;
      const mean = meanMovement === null ? '' : `, boundary moved by ${meanMovement.toFixed(2)} mm on average`;
      const most = maximumMovement === null ? '' : `, ${maximumMovement.toFixed(2)} mm at most`;
      return `${name}: changed (${volume}${mean}${most})`;
    }
    default:
      return `${name}: ${change.kind} (${volume}; ${change.before} before, ${change.after} after)`;
  }
}

function raterProfiles({ project, cases, release }: ReleaseSources): RaterProfile[] {
  const found = new Map<string, { person: Person; kind: 'person' | 'model'; roles: Set<string> }>();
  const note = (person: Person, role: string, kind: 'person' | 'model' = 'person'): void => {
    const known = found.get(person.username) ?? { person, kind, roles: new Set() };
    known.roles.add(role);
    found.set(person.username, known);
  };
  for (const { truth, decisions } of cases) {
    for (const { reader, kind } of truth.draft.readers) note(reader, 'reader', kind);
    for (const { by } of decisions) note(by, 'adjudicator');
    if (truth.adjudication !== null) note(truth.adjudication.reader, 'adjudicator');
  }
  note(release.createdBy, 'release manager');
  return [...found.values()]
    .sort((a, b) => (a.person.username < b.person.username ? -1 : 1))
    .map(({ person, kind, roles }) => {
      const profile = project.profiles[person.username];
      return {
        username: person.username,
        name: person.displayName,
        kind,
        roles: [...roles].sort(),
        qualification: profile?.qualification ?? '',
        yearsOfExperience: profile?.yearsOfExperience ?? null,
        details: {}
      };
    });
}

function datasetFields(sources: ReleaseSources): ReleasePlan['dataset'] {
  const { project, protocol, release } = sources;
  const { dataset, title } = protocol.content;
  const creators = raterProfiles(sources)
    .filter(({ kind }) => kind === 'person')
    .map(({ name }) => name);
  return {
    name: `${project.title} ${release.version}`,
    description: project.description.trim() === '' ? title : project.description,
    purpose: dataset.purpose,
    origin: dataset.origin,
    licence: dataset.licence,
    creators,
    keywords: protocol.content.segments.map(({ name }) => name),
    citation: '',
    url: '',
    collectionTimeframe: dataset.collection ?? '',
    population: dataset.population ?? '',
    preprocessing: '',
    missingData: '',
    deidentification: dataset.deidentification,
    sensitiveInformation: '',
    biases: dataset.biases ?? '',
    limitations: dataset.limitations,
    useCases: dataset.purpose,
    socialImpact: '',
    distribution: '',
    maintenance: ''
  };
}
