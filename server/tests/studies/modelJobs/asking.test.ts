import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Person } from '@voxcord/schemas/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProjectAccess } from '../../../src/projects/projectAccess.js';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import type { Store } from '../../../src/store/store.js';
import { Journal } from '../../../src/studies/journal.js';
import type { ModelJobQueue } from '../../../src/studies/modelJobs/modelJobQueue.js';
import type { StoredModelJob } from '../../../src/studies/modelJobs/modelJobRecords.js';
import { ModelJobs } from '../../../src/studies/modelJobs/modelJobs.js';
import type { RunnableModel } from '../../../src/studies/modelJobs/runModelJob.js';
import { OneAtATime } from '../../../src/studies/oneAtATime.js';
import { ProjectAudit } from '../../../src/truth/index.js';

const NOW = new Date('2026-05-04T08:00:00.000Z');
const SHA = 'a'.repeat(64);
const PROJECT = randomUUID();
const ADA: Person = { username: 'ada', displayName: 'Ada', initials: 'A', colour: '#aa0000' };

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-asking-'));
  store = await openEmbeddedStore(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a run that is stored waits for its turn, even if the audit log could not be told of it', async () => {
  const audit = new ProjectAudit(store, () => NOW);
  audit.append = () => Promise.reject(new Error('The disk is full.'));
  const waiting: StoredModelJob[] = [];
  const caseId = randomUUID();
  const jobs = new ModelJobs({
    catalogue: store.catalogue,
    journal: new Journal(store.catalogue, audit, new OneAtATime()),
    turns: new OneAtATime(),
    now: () => NOW,
    waitingPerPerson: 10,
    // What they decide is tested elsewhere.
    access: {
      project: () => Promise.resolve({ role: 'manager' }),
      case_: () =>
        Promise.resolve({
          project: { id: PROJECT },
          case_: { id: caseId, projectId: PROJECT, volumes: [SHA] },
          role: 'manager',
          view: { standing: 'free' },
          reads: [],
          protocol: null
        })
    } as unknown as ProjectAccess,
    models: {
      find: () =>
        Promise.resolve({
          sha256: SHA,
          folder,
          file: { kind: 'automatic', name: 'net', version: '1.0.0', title: 'Net' }
        } as RunnableModel)
    },
    queue: {
      add: (job: StoredModelJob) => void waiting.push(job),
      progress: () => null,
      activeOn: () => [],
      waitingOf: () => 0
    } as unknown as ModelJobQueue
  });
  const model = { name: 'net', version: '1.0.0' };
  const [asked] = await jobs.start(ADA, PROJECT, { model, cases: [caseId], priority: 'now' });
  expect(waiting.map(({ id }) => id)).toEqual([asked?.job.id]);
});
