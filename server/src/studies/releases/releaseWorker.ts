import { parentPort, workerData } from 'node:worker_threads';
import { buildRelease, TruthError, type PictureImage } from '../../truth/index.js';
import { bitmapOf } from '../brickMaps.js';
import type { MapPlan, PicturePlan, ReleaseMessage, ReleasePlan, ReleaseReply } from './releasePlan.js';
import { pictureValues } from './pictureValues.js';

/*
 * Writes a release beside the event loop: bricks are asked for, files are handed over as they are made. Started by
 * `releaseThread.ts` with a `ReleasePlan` as worker data.
 */

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');

const waiting = new Map<number, (bytes: Uint8Array | null) => void>();
let next = 1;

port.on('message', ({ number, bytes }: ReleaseReply) => {
  waiting.get(number)?.(bytes);
  waiting.delete(number);
});

function send(message: ReleaseMessage): void {
  port?.postMessage(message);
}

/** Resolves when the message is answered. */
function ask(message: (number: number) => ReleaseMessage): Promise<Uint8Array | null> {
  const number = next++;
  return new Promise(resolve => {
    waiting.set(number, resolve);
    send(message(number));
  });
}

async function load(sha256: string): Promise<Uint8Array> {
  const bytes = await ask(number => ({ kind: 'load', number, sha256 }));
  if (bytes === null) throw new Error('A blob of the release is missing.');
  return bytes;
}

async function openMap({ dims, bricks }: MapPlan): Promise<Uint8Array> {
  const loaded = new Map<number, Uint8Array>();
  for (const { index, sha256 } of bricks) loaded.set(index, await load(sha256));
  return bitmapOf(loaded, dims);
}

async function openSoft(map: MapPlan): Promise<Float32Array> {
  return Float32Array.from(await openMap(map), byte => byte / 255);
}

async function openPicture(plan: PicturePlan): Promise<PictureImage> {
  return pictureValues(plan, await load(plan.rendition));
}

function isPlan(value: unknown): value is ReleasePlan {
  return typeof value === 'object' && value !== null && 'cases' in value && 'dataset' in value;
}

const plan: unknown = workerData;
if (!isPlan(plan)) throw new Error('A release needs a plan.');
try {
  const { sha256 } = await buildRelease(
    {
      ...plan,
      cases: plan.cases.map(({ truth, soft, reads, picture, ...about }) => ({
        ...about,
        truth: () => openMap(truth),
        soft: soft.map(({ segment, map }) => ({ segment, load: () => openSoft(map) })),
        reads: reads.map(({ map, ...read }) => ({ ...read, load: () => openMap(map) })),
        picture: picture === null ? null : () => openPicture(picture)
      }))
    },
    {
      write: async (path, bytes) => {
        await ask(number => ({ kind: 'file', number, path, bytes }));
      }
    }
  );
  send({ kind: 'done', sha256 });
} catch (error) {
  if (!(error instanceof TruthError)) throw error;
  send({ kind: 'refused', code: error.code, detail: error.message });
} finally {
  port.unref();
}
