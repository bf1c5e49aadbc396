import { readFileSync } from 'node:fs';
import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SERVER_VERSION } from '../../src/version.js';
import { TestService } from './testService.js';

test('the service says the version of its package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect((JSON.parse(text) as { version: string }).version).toBe(SERVER_VERSION);
});

test('a stopping service closes rooms with 4503, takes no more requests and can be started again on its data', async () => {
  const service = await TestService.start();
  try {
    const anna = service.as('anna');
    const { id: projectId } = await anna.project();
    const body = { title: 'Case', volumes: [await anna.volume()], access: 'shared' };
    const { id: caseId, reads } = await anna.call('createCase', { params: { projectId }, body });
    const socket = new WebSocket(`${service.address.replace('http', 'ws')}/rooms/read:${reads[0]?.id ?? ''}`, {
      headers: { [IDENTITY_HEADER]: await anna.token() }
    });
    const closed = new Promise<number>(resolve => socket.once('close', resolve));
    await new Promise(resolve => socket.once('message', resolve));

    const stopping = service.running.stop();
    expect(await closed).toBe(4503);
    await stopping;
    await expect(fetch(`${service.address}/health`)).rejects.toThrow();
    expect(service.running.stop()).toBe(service.running.stop());

    const again = await service.restart();
    expect((await again.as('anna').call('getCase', { params: { caseId } })).reads.map(({ id }) => id)).toEqual(
      reads.map(({ id }) => id)
    );
    await again.running.stop();
  } finally {
    await service.stop();
  }
});

const DIMS = [128, 128, 64] as const;

test('a stopping service does not wait for the connection of a download that has just come in', async () => {
  const service = await TestService.start();
  try {
    const volumeHash = await service
      .as('anna')
      .volume({ dims: DIMS, voxels: new Array<number>(DIMS[0] * DIMS[1] * DIMS[2]).fill(7) });
    let running = service;
    for (let round = 0; round < 5; round++) {
      const response = await running.as('anna').send('getVolumeFile', { params: { volumeHash } });
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(DIMS[0] * DIMS[1] * DIMS[2]);
      await running.running.stop();
      running = await running.restart();
    }
    await running.running.stop();
  } finally {
    await service.stop();
  }
});
