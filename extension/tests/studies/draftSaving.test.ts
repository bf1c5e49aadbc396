import type { Protocol, ProtocolContent } from '@voxcord/schemas/api';
import { defaultProtocol } from '@voxcord/schemas/protocol';
import { describe, expect, it } from 'vitest';
import { VoxcordError } from '../../src/client/problems.js';
import { DraftSaving, type DraftState } from '../../src/protocol/draftSaving.js';

const FIRST = defaultProtocol('First', []);

function titled(title: string): ProtocolContent {
  return { ...FIRST, title };
}

/** A place where drafts are stored, as the service does it: whoever is not up to date is refused. */
class Shelf {
  edition = 1;
  stored = FIRST;
  readonly saves: string[] = [];
  private release: (() => void) | null = null;
  private isHeld = false;

  readonly save = async (content: ProtocolContent, edition: number | null): Promise<Protocol> => {
    this.saves.push(content.title);
    if (this.isHeld) await new Promise<void>(resolve => (this.release = resolve));
    if (edition !== this.edition) throw new VoxcordError('protocol.edition', 'Somebody else has saved.', 409);
    this.stored = content;
    this.edition++;
    return { ...AS_STORED, edition: this.edition, content };
  };

  hold(): void {
    this.isHeld = true;
  }

  letGo(): void {
    this.isHeld = false;
    this.release?.();
  }
}

const AS_STORED: Protocol = {
  id: '00000000-0000-4000-8000-000000000001',
  projectId: '00000000-0000-4000-8000-000000000002',
  version: 1,
  state: 'draft',
  edition: 1,
  content: FIRST,
  contentHash: '0'.repeat(64),
  changes: [],
  createdBy: { username: 'ada', displayName: 'Ada', initials: 'A', colour: '#000000' },
  createdAt: '2026-01-01T00:00:00.000Z',
  lock: null
};

function savingTo(shelf: Shelf): { saving: DraftSaving; states: DraftState['kind'][] } {
  const states: DraftState['kind'][] = [];
  const saving = new DraftSaving(1, {
    save: shelf.save,
    isStorable: ({ title }) => title !== '',
    onState: ({ kind }) => states.push(kind),
    onSaved: () => undefined,
    delay: 60_000
  });
  return { saving, states };
}

describe('a draft that saves itself', () => {
  it('says that it is saved only when the newest content is stored', async () => {
    const shelf = new Shelf();
    const { saving, states } = savingTo(shelf);
    shelf.hold();
    saving.change(titled('One'));
    const flushed = saving.flush();
    await Promise.resolve();
    saving.change(titled('Two'));
    saving.change(titled('Three'));
    expect(saving.isSaved).toBe(false);
    shelf.letGo();
    await flushed;
    expect(shelf.stored.title).toBe('Three');
    expect(shelf.saves).toEqual(['One', 'Three']);
    expect(states).toEqual(['unsaved', 'saving', 'unsaved', 'saving', 'saved']);
  });

  it('never overwrites what somebody else has saved, until it is told to', async () => {
    const shelf = new Shelf();
    const { saving } = savingTo(shelf);
    shelf.edition = 5;
    shelf.stored = titled('Theirs');
    saving.change(titled('Mine'));
    await saving.flush();
    expect(saving.state.kind).toBe('conflict');
    saving.change(titled('Mine, longer'));
    await saving.flush();
    expect(shelf.stored.title).toBe('Theirs');

    await saving.overwrite(5);
    expect(shelf.stored.title).toBe('Mine, longer');
    expect(saving.isSaved).toBe(true);
  });

  it('keeps to itself what the service would refuse, and saves it once it is complete', async () => {
    const shelf = new Shelf();
    const { saving } = savingTo(shelf);
    saving.change(titled(''));
    await saving.flush();
    expect(saving.state.kind).toBe('incomplete');
    expect(shelf.saves).toEqual([]);
    saving.change(titled('Complete'));
    await saving.flush();
    expect(shelf.stored.title).toBe('Complete');
  });

  it('keeps what could not be sent, for the next attempt', async () => {
    const shelf = new Shelf();
    let isDown = true;
    const saving = new DraftSaving(1, {
      save: (content, edition) =>
        isDown ? Promise.reject(new VoxcordError('connection.lost', 'Lost.')) : shelf.save(content, edition),
      isStorable: () => true,
      onState: () => undefined,
      onSaved: () => undefined,
      delay: 60_000
    });
    saving.change(titled('Written while offline'));
    await saving.flush();
    expect(saving.state.kind).toBe('failed');
    isDown = false;
    await saving.flush();
    expect(shelf.stored.title).toBe('Written while offline');
  });
});
