import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOfLabelMap } from '../../src/truth/index.js';
import { RoomClient } from './support/roomClient.js';
import { StudyProcess } from './support/studyProcess.js';
import { DIMS, signing, Study } from './support/study.js';

/** More writes than a submission makes. */
const MOST_WRITES = 60;

let service: StudyProcess;
beforeAll(async () => {
  service = await StudyProcess.start();
});
afterAll(() => service.stop());

test(
  'a read is open or submitted, and the audit log says which, whenever the service is killed',
  { timeout: 300_000 },
  async () => {
    const study = await Study.start(service, { ada: 'reader' });
    const ada = study.as('ada');
    await study.assign(['ada']);
    const { id: readId } = await study.begin('ada');
    const params = { readId };
    const outcomes: string[] = [];
    for (let writes = 0; writes < MOST_WRITES; writes++) {
      const before = (await ada.call('listRevisions', { params })).length;
      const room = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS });
      room.paint(writes + 1, 1 + (writes % 2));
      await room.saved();
      const painted = contentOfLabelMap(room.labels(), DIMS).root;
      await service.killAfter(writes);
      const answer = await ada.send('submitRead', { params, body: { signing: signing() } }).catch(() => null);
      // Answered: what is written after that is of no interest here.
      if (answer?.status === 201) break;
      await service.gone();
      await room.whenClosed();
      await service.run();

      const { state, revisions } = await ada.call('getRead', { params });
      const listed = await ada.call('listRevisions', { params });
      outcomes.push(state);
      expect([listed.length, revisions]).toEqual(Array(2).fill(before + (state === 'submitted' ? 1 : 0)));
      const again = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS });
      expect(contentOfLabelMap(again.labels(), DIMS).root).toBe(painted);
      expect(again.mayWrite).toBe(state === 'open');
      await again.leave();
      if (state === 'submitted') {
        expect(listed.at(-1)?.labelMapRoot).toBe(painted);
        await ada.call('reopenRead', { params, body: { reason: 'for the next time' } });
      }
      const events = await study.lead.call('listAuditEvents', { params: { projectId: study.project.id } });
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      const told = events.filter(({ action }) => action === 'read.submitted').map(({ details }) => details['revision']);
      expect(told).toEqual(listed.map(({ hash }) => hash));
    }
    expect(outcomes).toContain('open');
    expect(outcomes).toContain('submitted');
    expect(outcomes.length).toBeLessThan(MOST_WRITES);
    expect((await ada.call('getRead', { params })).state).toBe('submitted');
  }
);
