import type { Case, Project, Volume } from '@voxcord/schemas/api';
import type { Locator } from '@playwright/test';
import type { Deployment, Username } from '../deployment.js';
import type { Person } from '../person.js';
import type { World } from '../screenPlace.js';

export const TITLE = 'Liver nodules';
export const LIVER = 1;
export const NODULE = 2;
export const READERS = ['ben', 'cara', 'dov'] as const;
export type Reader = (typeof READERS)[number];
export const NAMES: Readonly<Record<Reader, readonly [string, string]>> = {
  ben: ['Ben', 'Lindqvist'],
  cara: ['Cara', 'Ito'],
  dov: ['Dov', 'Mensah']
};

/** A stroke with the spherical brush in the axial plane; mm. */
export interface Stroke {
  readonly segment: number;
  readonly path: readonly World[];
  readonly radius: number;
}

const at = (x: number, y: number): World => [x, y, 12];
export const nodule = (x: number, y: number, radius: number): Stroke => ({ segment: NODULE, path: [at(x, y)], radius });
const liver = (y: number, radius: number): Stroke => ({
  segment: LIVER,
  path: [at(-25, y), at(15, y)],
  radius
});

/** All see the first nodule; the others are seen by one or two readers. */
export const STROKES: Readonly<Record<Reader, readonly Stroke[]>> = {
  ben: [liver(-6, 18), nodule(-22, -6, 7), nodule(0, -12, 5), nodule(14, -4, 6)],
  cara: [liver(-4, 18), nodule(-20, -6, 8), nodule(14, -4, 6)],
  dov: [liver(-6, 16), nodule(-22, -4, 7), nodule(20, 30, 5)]
};

/** What the story is about. */
export interface Story {
  readonly project: Project;
  readonly case: Case;
  readonly volume: Volume;
}

export function homeOf(person: Person): Locator {
  return person.page.locator('.jp-MainAreaWidget .voxcord-Home');
}

export async function paintAll(person: Person, strokes: readonly Stroke[]): Promise<void> {
  for (const { segment, path: way, radius } of strokes) await person.paint(segment, way, { radius, shape: 'sphere' });
}

export async function signsFirst(deployment: Deployment, username: Username): Promise<boolean> {
  return (await deployment.call<{ keyId: string | null }>(username, 'GET', '/me/signing-key')).keyId === null;
}
