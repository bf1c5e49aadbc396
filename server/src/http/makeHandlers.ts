import { PROTOCOL_VERSION } from '@voxcord/schemas/rooms';
import type { SnapshotStore } from '../labelmap/snapshotStore.js';
import type { Models } from '../models/models.js';
import type { Projects } from '../projects/projects.js';
import type { Proposals } from '../proposals/proposals.js';
import type { GroundTruth } from '../studies/groundTruth.js';
import type { ModelJobsOfService } from '../studies/modelJobs/openModelJobs.js';
import type { People } from '../studies/people.js';
import type { Reading } from '../studies/reading.js';
import { SERVER_VERSION } from '../version.js';
import type { Handlers } from './handlers.js';
import { makeGroundTruthHandlers } from './groundTruthHandlers.js';
import type { Imports } from './imports.js';
import { labelMapPack } from './labelMapPack.js';
import { makeModelHandlers } from './modelHandlers.js';
import { makeModelJobHandlers } from './modelJobHandlers.js';
import { makeProposalHandlers } from './proposalHandlers.js';
import { makeReadingHandlers } from './readingHandlers.js';
import type { RoomsPort } from './roomsPort.js';
import type { Uploads } from './uploads.js';

export interface HandlerParts {
  readonly snapshots: SnapshotStore;
  readonly projects: Projects;
  readonly rooms: RoomsPort;
  readonly uploads: Uploads;
  readonly imports: Imports;
  readonly reading: Reading;
  readonly truth: GroundTruth;
  readonly models: Models;
  readonly modelJobs: ModelJobsOfService;
  readonly people: People;
  readonly proposals: Proposals;
}

/** What each operation does. The type has one entry per operation: none can be forgotten, none added beside. */
export function makeHandlers(parts: HandlerParts): Handlers {
  const { snapshots, projects, rooms, uploads, imports, reading, truth, models, modelJobs, people, proposals } = parts;
  return {
    ...makeReadingHandlers(reading),
    ...makeProposalHandlers(proposals),
    ...makeGroundTruthHandlers(truth),
    ...makeModelJobHandlers(modelJobs),
    ...makeModelHandlers({ models, people, uploads, access: projects.access }),

    me: ({ person }) => ({ person, serverVersion: SERVER_VERSION, protocolVersion: PROTOCOL_VERSION }),

    listProjects: ({ person }) => projects.listProjects(person),
    createProject: ({ person, body }) => projects.createProject(person, body),
    getProject: ({ person, params }) => projects.getProject(person, params.projectId),

    listCases: ({ person, params }) => projects.listCases(person, params.projectId),
    createCase: ({ person, params, body }) => projects.createCase(person, params.projectId, body),
    getCase: ({ person, params }) => projects.getCase(person, params.caseId),
    createRead: async ({ person, params, body }) => {
      const read = await projects.createRead(person, params.caseId, body);
      await reading.refresh.case_(params.caseId);
      return read;
    },
    getRead: ({ person, params }) => projects.getRead(person, params.readId),

    listSegments: async ({ person, params }) => {
      const { read } = await projects.access.viewableRead(person, params.readId);
      return rooms.readSegments(read.id);
    },
    addSegment: async ({ person, params, body }) => {
      const { read } = await projects.access.readWithOwnSegments(person, params.readId);
      return rooms.addSegment(read.id, body);
    },
    changeSegment: async ({ person, params, body }) => {
      const { read } = await projects.access.readWithOwnSegments(person, params.readId);
      return rooms.changeSegment(read.id, params.number, body);
    },

    getLabelMapHead: async ({ person, params }) => {
      const { read } = await projects.access.viewableRead(person, params.readId);
      return rooms.labelMap(read.id).head();
    },
    getLabelMapPack: async ({ person, params }) => {
      const { read } = await projects.access.viewableRead(person, params.readId);
      return labelMapPack(snapshots, read.id, params.snapshotHash);
    },
    getLabelMapFingerprint: async ({ person, params }) => {
      const { read } = await projects.access.viewableRead(person, params.readId);
      return rooms.labelMap(read.id).fingerprint();
    },

    uploadFile: async ({ person, upload }) => ({
      upload: await uploads.receive(person.username, upload.content, upload.announced)
    }),
    startImport: ({ person, body }) => imports.start(person, body),
    getImport: ({ person, params }) => imports.get(person, params.importId),
    cancelImport: ({ person, params }) => {
      imports.cancel(person, params.importId);
      return undefined;
    },

    getVolume: async ({ person, params }) => (await projects.getVolume(person, params.volumeHash)).volume,
    getVolumeFile: async ({ person, params }) => {
      const { rendition, volume } = await projects.getVolume(person, params.volumeHash);
      return { etag: rendition, parts: [{ sha256: rendition, bytes: volume.bytes }] };
    }
  };
}
