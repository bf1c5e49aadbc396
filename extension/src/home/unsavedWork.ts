import { type ISignal, Signal } from '@lumino/signaling';
import { parseRoomName } from '@voxcord/schemas/rooms';
import type { VoxcordService } from '../service/voxcordService.js';

/** Changes that wait in this browser for a read that is not open here. */
export interface UnsavedRead {
  readonly readId: string;
  readonly caseId: string;
  /** Of the case. */
  readonly title: string;
  readonly count: number;
}

/** What this person painted in this browser, could not save and has not open now. */
export class UnsavedWork {
  private _reads: readonly UnsavedRead[] = [];
  private readonly _changed = new Signal<this, void>(this);

  constructor(private readonly service: VoxcordService) {}

  get reads(): readonly UnsavedRead[] {
    return this._reads;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Looks again. Without storage or without knowing who asks there is nothing to tell. */
  async look(): Promise<void> {
    this._reads = await this.find().catch(() => []);
    this._changed.emit();
  }

  private async find(): Promise<UnsavedRead[]> {
    const store = await this.service.unsavedStore();
    if (store === null) return [];
    const { person } = await this.service.me();
    const waiting = await store.waiting(person.username);
    return waiting.flatMap(({ room, count, label }) => {
      const name = parseRoomName(room);
      if (name?.kind !== 'read' || label === null) return [];
      return [{ readId: name.id, caseId: label.caseId, title: label.title, count }];
    });
  }
}
