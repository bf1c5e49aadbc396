import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AutomaticModelFile, ModelFile, PromptedModelFile } from '@voxcord/schemas/models';
import { ZipFile } from 'yazl';

const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));

/** Path of a model folder of the fixtures. */
export function fixture(name: string): string {
  return path.join(FIXTURES, name);
}

export function fixtureNames(): string[] {
  return readdirSync(FIXTURES);
}

/** An empty folder, with a function that removes it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-models-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Copies a fixture to `root/as`, with changes in its description if it is one of an automatic model. */
export function placeFixture(
  root: string,
  name: string,
  as = name,
  change?: (file: AutomaticModelFile) => object
): string {
  return place(root, name, as, file => {
    if (change === undefined) return file;
    if (file.kind !== 'automatic') throw new Error(`${name} is no automatic model`);
    return change(file);
  });
}

/** Copies the fixture that answers clicks. */
export function placePrompted(root: string, as: string, change: (file: PromptedModelFile) => object): string {
  return place(root, 'click-distance', as, file => {
    if (file.kind !== 'prompted') throw new Error('click-distance is no prompted model');
    return change(file);
  });
}

function place(root: string, name: string, as: string, change: (file: ModelFile) => object): string {
  const folder = path.join(root, as);
  cpSync(fixture(name), folder, { recursive: true });
  const described = path.join(folder, 'model.json');
  const file = JSON.parse(readFileSync(described, 'utf8')) as ModelFile;
  writeFileSync(described, `${JSON.stringify(change(file), null, 2)}\n`);
  return folder;
}

export function sha256Of(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** An archive of files, by their paths in it. */
export function zipOf(files: Readonly<Record<string, Uint8Array | string>>, mode?: number): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, mode === undefined ? {} : { mode });
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** The files of a folder, as an archive of it would hold them. */
export function filesOf(folder: string, under = ''): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map(name => [under + name, readFileSync(path.join(folder, name))]));
}
