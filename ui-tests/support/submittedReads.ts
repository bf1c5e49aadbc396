import type { LabelMapFingerprint, Read, Revision } from '@voxcord/schemas/api';
import { encodeStrokes, RecordLog, type Dims, type PaintedRegion } from '@voxcord/schemas/labelmap';
import { MessageType, formatRoomName } from '@voxcord/schemas/rooms';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Deployment, Username } from './deployment.js';
import { assign, choosePassphrase, PASSPHRASE, type Study } from './study.js';

/** A ball of one segment, in voxels. */
export interface Ball {
  readonly segment: number;
  readonly centre: readonly [number, number, number];
  readonly radius: number;
}

/** Label map of balls, later ones over earlier ones: i fastest. */
export function ballsIn(dims: Dims, balls: readonly Ball[]): Uint8Array {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (const { segment, centre, radius } of balls) {
    for (let k = 0, at = 0; k < dims[2]; k++) {
      for (let j = 0; j < dims[1]; j++) {
        for (let i = 0; i < dims[0]; i++, at++) {
          if (Math.hypot(i - centre[0], j - centre[1], k - centre[2]) <= radius) labels[at] = segment;
        }
      }
    }
  }
  return labels;
}

/** Gives the case to readers; each begins, paints what is theirs over the room, and submits with a signature. */
export async function submitReads(
  deployment: Deployment,
  study: Study,
  painted: Readonly<Partial<Record<Username, readonly Ball[]>>>
): Promise<{ readonly read: Read; readonly revision: Revision }[]> {
  const readers = Object.keys(painted) as Username[];
  const reads = await assign(deployment, study, readers);
  const submitted: { read: Read; revision: Revision }[] = [];
  for (const read of reads) {
    const username = read.reader.username as Username;
    await choosePassphrase(deployment, username);
    await deployment.call(username, 'POST', `/reads/${read.id}/begin`);
    await paintOverRoom(deployment, username, read.id, ballsIn(study.volume.grid.dims, painted[username] ?? []), study);
    submitted.push({ read, revision: await submitAs(deployment, username, read.id) });
  }
  return submitted;
}

async function submitAs(deployment: Deployment, username: Username, readId: string): Promise<Revision> {
  return deployment.call<Revision>(username, 'POST', `/reads/${readId}/submit`, {
    signing: { meaning: 'authorship', passphrase: PASSPHRASE }
  });
}

/** Makes the label map of a read equal to `labels` with one stroke per segment, and waits until they are stored. */
async function paintOverRoom(
  deployment: Deployment,
  username: Username,
  readId: string,
  labels: Uint8Array,
  { volume }: Study
): Promise<void> {
  const { dims } = volume.grid;
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(
    `${deployment.baseUrl.replace(/^http/, 'ws')}voxcord/rooms`,
    formatRoomName({ kind: 'read', id: readId }),
    doc,
    { params: { token: await deployment.token(username) }, disableBc: true }
  );
  for (const type of [MessageType.welcome, MessageType.preview, MessageType.acknowledgement]) {
    provider.messageHandlers[type] = () => undefined;
  }
  try {
    await until(() => provider.synced, `${username} joins the room of ${readId}`);
    const log = new RecordLog(doc);
    const box: PaintedRegion['box'] = { min: [0, 0, 0], max: [dims[0] - 1, dims[1] - 1, dims[2] - 1] };
    let lamport = 1 + log.entries().length * 4;
    let sent = 0;
    for (const segment of [0, ...new Set(labels)].filter((one, n, all) => all.indexOf(one) === n)) {
      const mask = labels.map(label => (label === segment ? 1 : 0));
      if (!mask.includes(1)) continue;
      const stroke = { lamport, segment, tool: 'other', continues: false, region: { box, mask }, dims } as const;
      for (const record of encodeStrokes(stroke)) {
        log.append(record);
        lamport++;
        sent++;
      }
    }
    await until(async () => {
      const { frontier } = await deployment.call<LabelMapFingerprint>(
        username,
        'GET',
        `/reads/${readId}/label-map/fingerprint`
      );
      return frontier[String(doc.clientID)] === sent;
    }, `the strokes of ${username} are stored`);
  } finally {
    provider.destroy();
    doc.destroy();
  }
}

const PATIENCE = 30_000;

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}.`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
