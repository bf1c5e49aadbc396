import { chmod } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Role } from '@voxcord/schemas/api';
import { AllowedRoots } from './http/allowedRoots.js';
import { createApp, serveApi } from './http/app.js';
import { DiskSpace } from './http/diskSpace.js';
import { Imports, type ImportLimits } from './http/imports.js';
import { logged } from './http/logging.js';
import { makeHandlers } from './http/makeHandlers.js';
import { RateLimiter, type RateLimit } from './http/rateLimit.js';
import { Uploads, type UploadLimits } from './http/uploads.js';
import { createIdentityVerifier } from './identity/identityVerifier.js';
import { DEFAULT_LIMITS, type ImagingLimits } from './imaging/index.js';
import { runInference } from './inference/runInference.js';
import { SnapshotStore } from './labelmap/snapshotStore.js';
import { DEFAULT_MODEL_TIMES, type ModelTimes } from './models/installedModels.js';
import { Models } from './models/models.js';
import { shippedModels } from './models/shippedModels.js';
import { QuietMoments } from './processes/quietMoments.js';
import { Projects } from './projects/projects.js';
import { Proposals } from './proposals/proposals.js';
import { VolumeUses } from './projects/volumeUses.js';
import { authoriseRooms, roomInitials } from './projects/roomAccess.js';
import { Rooms } from './rooms/rooms.js';
import type { RoomPolicy } from './rooms/roomPolicy.js';
import { openGroundTruth } from './studies/groundTruth.js';
import { liveGridOf, planLive } from './studies/live/livePlan.js';
import type { LivePolicy } from './studies/live/livePolicy.js';
import { LiveSessions } from './studies/live/liveSessions.js';
import { DEFAULT_MODEL_JOB_LIMITS, openModelJobs, type ModelJobLimits } from './studies/modelJobs/openModelJobs.js';
import { People } from './studies/people.js';
import { ProposalOrigins } from './studies/proposalOrigins.js';
import { openReading } from './studies/reading.js';
import { ReleasedCases } from './studies/releasedCases.js';
import { openEmbeddedStore } from './store/embedded/openEmbeddedStore.js';
import { Housekeeping, type HousekeepingTimes } from './housekeeping.js';
import { freeSocket } from './socketFile.js';

const MiB = 1024 * 1024;
const HOUR = 60 * 60 * 1000;

export interface ServiceLimits {
  readonly imaging: ImagingLimits;
  readonly uploads: UploadLimits;
  readonly imports: ImportLimits;
  readonly requests: RateLimit;
  readonly jsonBytes: number;
  /** Bytes on the disk that images leave free. */
  readonly diskReserve: number;
  readonly housekeeping: HousekeepingTimes;
  readonly models: ModelTimes;
  readonly modelJobs: ModelJobLimits;
}

export const DEFAULT_SERVICE_LIMITS: ServiceLimits = {
  imaging: DEFAULT_LIMITS,
  uploads: {
    bytes: 4096 * MiB,
    bytesPerPerson: 8192 * MiB,
    perPerson: 32,
    keepMilliseconds: HOUR,
    idleMilliseconds: 2 * 60 * 1000
  },
  imports: { running: 2, perPerson: 8, keepMilliseconds: HOUR },
  requests: { rate: 100, burst: 1000 },
  jsonBytes: MiB,
  diskReserve: 1024 * MiB,
  housekeeping: { first: 60_000, every: 6 * HOUR },
  models: DEFAULT_MODEL_TIMES,
  modelJobs: DEFAULT_MODEL_JOB_LIMITS
};

export type ListenAt = { readonly socket: string } | { readonly port: number };

export interface ServiceOptions {
  /** Folder of the embedded store. */
  readonly data: string;
  readonly listenAt: ListenAt;
  /** Shared with the Jupyter server; at least 32 bytes. */
  readonly identitySecret: string | Uint8Array;
  /** Folders that files may be imported from. */
  readonly roots: readonly string[];
  /** Role of everybody in a new project. */
  readonly everyone: Role | null;
  readonly logLevel: string;
  readonly logStream: NodeJS.WritableStream;
  readonly limits?: Partial<ServiceLimits>;
  readonly rooms?: Partial<RoomPolicy>;
  readonly live?: Partial<LivePolicy>;
  /** Folder of the models that come with the program; null: none. Found by itself if left out. */
  readonly shippedModels?: string | null;
  /** Wall clock of studies: signatures, audit log, lock-outs, due dates. That of this computer if left out. */
  readonly now?: () => Date;
}

export interface RunningService {
  /** Where it listens: the socket's path, or `http://127.0.0.1:<port>`. */
  readonly address: string;
  /** Takes no more requests, lets rooms write what is pending, closes the store. */
  stop(): Promise<void>;
}

/** Puts the parts together and listens. Rejects with `StoreError`, `IdentityError` or an error of the system. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { now = () => new Date() } = options;
  const limits: ServiceLimits = { ...DEFAULT_SERVICE_LIMITS, ...options.limits };
  const store = await openEmbeddedStore(options.data);
  try {
    await new VolumeUses(store).complete();
    const app = createApp(options);
    const projects = new Projects(store, { everyone: options.everyone, now });
    const people = new People(store.catalogue, now);
    const identify = people.noting(createIdentityVerifier(options.identitySecret));
    const quiet = new QuietMoments();
    const rooms = new Rooms({
      store,
      identify,
      authorise: authoriseRooms(projects),
      initial: roomInitials(projects),
      logger: app.log,
      now: () => now().getTime(),
      onUpdate: () => quiet.begin(),
      ...(options.rooms === undefined ? {} : { policy: options.rooms })
    });
    const released = new ReleasedCases(store);
    const live = new LiveSessions({
      identify,
      plan: (person, caseId) => planLive(projects.access, store.catalogue, released, person, caseId),
      gridOf: plan => liveGridOf(projects.volumes, plan),
      reads: rooms,
      logger: app.log,
      ...(options.live === undefined ? {} : { policy: options.live })
    });
    const { scratch } = store.blobs;
    const disk = new DiskSpace(scratch, limits.diskReserve);
    const uploads = new Uploads(scratch, limits.uploads, disk);
    const imports = new Imports({
      volumes: projects.volumes,
      uploads,
      roots: new AllowedRoots(options.roots),
      scratch,
      disk,
      imaging: limits.imaging,
      limits: limits.imports,
      reportFailure: error => app.log.error({ err: logged(error) }, 'import failed')
    });
    const reading = await openReading({ store, projects, people, rooms, live, now });
    const truth = await openGroundTruth({
      store,
      projects,
      reading,
      now,
      reportFailure: error => app.log.error({ err: logged(error) }, 'computation failed')
    });
    const models = await Models.open({
      folder: path.join(options.data, 'models'),
      shipped: options.shippedModels === undefined ? shippedModels(process.env) : options.shippedModels,
      verdicts: path.join(options.data, 'model-checks.json'),
      times: limits.models,
      reserve: bytes => disk.require(bytes),
      reportFailure: error => app.log.error({ err: logged(error) }, 'check of a model failed')
    });
    const modelJobs = await openModelJobs({
      store,
      projects,
      reading,
      rooms,
      disk,
      models: models.installed,
      run: (task, running) => runInference(task, { ...running, quiet }),
      limits: limits.modelJobs,
      now,
      reportFailure: error => app.log.error({ err: logged(error) }, 'run of a model failed')
    });
    const proposals = new Proposals({
      access: projects.access,
      volumes: projects.volumes,
      blobs: store.blobs,
      models: models.installed,
      origins: new ProposalOrigins(reading.journal, now),
      reportFailure: error => app.log.error({ err: logged(error) }, 'proposal failed')
    });
    const handlers = makeHandlers({
      snapshots: new SnapshotStore(store),
      projects,
      rooms,
      uploads,
      imports,
      reading,
      truth,
      models,
      modelJobs,
      people,
      proposals
    });
    const limiter = new RateLimiter(limits.requests);
    serveApi(app, { identify, limiter, blobs: store.blobs, handlers, maxJsonBytes: limits.jsonBytes }, rooms, live);
    const housekeeping = new Housekeeping(store, limits.housekeeping, app.log);
    const address = await listen(app, options.listenAt);
    const stop = async (): Promise<void> => {
      app.log.info({}, 'stopping');
      const closing = app.close();
      await Promise.all([
        live.close(),
        rooms.shutdown(),
        imports.close(),
        truth.close(),
        modelJobs.close(),
        proposals.close(),
        // Beside the others: what they wait for may be the check of a model.
        models.close()
      ]);
      await closing;
      await Promise.all([uploads.close(), housekeeping.stop()]);
      await store.close();
      app.log.info({}, 'stopped');
    };
    let stopped: Promise<void> | null = null;
    return { address, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The path of a socket may hold the name of a person. */
const listenTextResolver = (): string => 'listening';

async function listen(app: FastifyInstance, at: ListenAt): Promise<string> {
  if ('port' in at) return app.listen({ host: '127.0.0.1', port: at.port, listenTextResolver });
  await freeSocket(at.socket);
  // Nobody else may connect, not even between the socket's making and the change of its mode.
  const umask = process.umask(0o077);
  try {
    await app.listen({ path: at.socket, listenTextResolver });
  } finally {
    process.umask(umask);
  }
  await chmod(at.socket, 0o600);
  return at.socket;
}
