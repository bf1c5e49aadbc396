import type { Model, ModelList } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import type { VoxcordApi } from '../../src/client/api.js';
import { VoxcordError } from '../../src/client/problems.js';
import { ModelShelf } from '../../src/models/modelShelf.js';
import { automatic } from './support.js';

/** The models folder of a service. */
class Folder {
  models: readonly Model[] = [automatic('zebra'), automatic('ape', '1.9.0'), automatic('ape', '1.10.0')];
  isGone = false;

  readonly api = {
    call: (name: string, input: unknown) => this.answer(name, input),
    upload: (_: Blob, { onProgress }: { onProgress?: (fraction: number) => void }) => {
      onProgress?.(0.5);
      return Promise.resolve({ upload: 'u' });
    }
  } as unknown as VoxcordApi;

  private answer(name: string, input: unknown): Promise<unknown> {
    if (this.isGone) return Promise.reject(new VoxcordError('connection.lost', 'Gone.'));
    switch (name) {
      case 'listModels': {
        const list: ModelList = { models: [...this.models], refused: [], checking: ['half-written'], mayAdd: true };
        return Promise.resolve(list);
      }
      case 'addModel': {
        const added = automatic('new');
        this.models = [...this.models, added];
        return Promise.resolve(added);
      }
      case 'removeModel': {
        const { params } = input as { params: { name: string; version: string } };
        this.models = this.models.filter(({ file }) => file.name !== params.name || file.version !== params.version);
        return Promise.resolve(undefined);
      }
      default:
        return Promise.reject(new Error(name));
    }
  }
}

const idsOf = (shelf: ModelShelf): string[] | undefined =>
  shelf.models?.map(({ file }) => `${file.name}@${file.version}`);

describe('the shelf of models', () => {
  it('lists them by title, newer versions first, by their numbers', async () => {
    const shelf = new ModelShelf(new Folder().api);
    expect(shelf.models).toBeNull();
    await shelf.load();
    expect(idsOf(shelf)).toEqual(['ape@1.10.0', 'ape@1.9.0', 'zebra@1.0.0']);
    expect([shelf.checking, shelf.mayAdd]).toEqual([['half-written'], true]);
    expect(shelf.find('ape', '1.9.0')?.file.version).toBe('1.9.0');
    expect(shelf.find('ape', '2.0.0')).toBeNull();
  });

  it('keeps what it knows when the service cannot be asked, and says so until it can', async () => {
    const folder = new Folder();
    const shelf = new ModelShelf(folder.api);
    await shelf.load();
    folder.isGone = true;
    await shelf.load();
    expect(shelf.error).toBeInstanceOf(VoxcordError);
    expect(idsOf(shelf)).toHaveLength(3);
    folder.isGone = false;
    await shelf.load();
    expect(shelf.error).toBeNull();
  });

  it('sends an archive, has it checked, and has the model then; and lets it go again', async () => {
    const shelf = new ModelShelf(new Folder().api);
    const steps: string[] = [];
    shelf.changed.connect(() => {
      const { adding } = shelf;
      steps.push(adding === null ? 'idle' : adding.step === 'sending' ? `sending ${adding.fraction}` : 'checking');
    });
    const added = await shelf.add(new Blob(['zip']), 'new.zip', new AbortController().signal);
    expect(steps).toEqual(['sending 0', 'sending 0.5', 'checking', 'checking', 'idle']);
    expect(idsOf(shelf)).toContain('new@1.0.0');
    await shelf.remove(added);
    expect(idsOf(shelf)).not.toContain('new@1.0.0');
  });
});
