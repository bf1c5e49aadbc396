import { afterEach } from 'vitest';
import { eventually } from './eventually.js';
import { Painter } from './painter.js';
import { RawClient } from './rawClient.js';
import { RoomService, type RoomServiceOptions } from './roomService.js';

/** Services and the people at them, for one test: all are gone after it. */
export class Stage {
  readonly #painters: Painter[] = [];
  readonly #clients: RawClient[] = [];
  readonly #services: RoomService[] = [];

  readonly start = async (options?: RoomServiceOptions): Promise<RoomService> => {
    const service = await RoomService.start(options);
    this.#services.push(service);
    return service;
  };

  /** Somebody at a browser, whether they get in or not. */
  readonly asked = async (...parameters: Parameters<typeof Painter.join>): Promise<Painter> => {
    const painter = await Painter.join(...parameters);
    this.#painters.push(painter);
    return painter;
  };

  /** Somebody at a browser who has the document. */
  readonly joined = async (...parameters: Parameters<typeof Painter.join>): Promise<Painter> => {
    const painter = await this.asked(...parameters);
    await eventually(() => painter.isSynced).toBe(true);
    return painter;
  };

  readonly connect = async (...parameters: Parameters<typeof RawClient.connect>): Promise<RawClient> => {
    const client = await RawClient.connect(...parameters);
    this.#clients.push(client);
    return client;
  };

  async clear(): Promise<void> {
    for (const painter of this.#painters.splice(0)) painter.leave();
    for (const client of this.#clients.splice(0)) client.leave();
    for (const service of this.#services.splice(0)) await service.stop();
  }
}

/** A stage that is cleared after each test of the file. */
export function useStage(): Stage {
  const stage = new Stage();
  afterEach(() => stage.clear());
  return stage;
}
