import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { DISPUTED, liver, painted, SEEN, TruthStudy, tumour, votes } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** The case is read, agreed on, adjudicated and submitted. */
async function decided(): Promise<void> {
  await study.read();
  const consensus = await study.consensus();
  const read = await study.beginAdjudication('dora', consensus.id);
  await study.decideAll('dora', consensus);
  await study.submit('dora', read.id);
}

describe('from a protocol to a verified release', () => {
  test('a case that is not decided cannot be released, and the refusal says what is missing', async () => {
    study = await TruthStudy.start(service);
    const prepare = async (): Promise<string> =>
      (
        await study.lead.problem('prepareRelease', {
          params: { projectId: study.projectId },
          body: { step: 'major', cases: [study.caseId], notes: '' }
        })
      ).detail;
    expect(await prepare()).toContain('3 of 3 reads are missing');
    await study.read();
    expect(await prepare()).toContain('its consensus has not been computed');
    const consensus = await study.consensus();
    expect(await prepare()).toContain('somebody has to adjudicate it');
    const read = await study.beginAdjudication('dora', consensus.id);
    expect(await prepare()).toContain('its adjudication is not submitted');
    await study.decideAll('dora', consensus);
    await study.submit('dora', read.id);
  });

  test('1.0.0 is prepared, then signed by two people, then released', async () => {
    const prepared = await study.prepare();
    expect(prepared.progress).toEqual({ state: 'done' });
    expect(prepared).toMatchObject({
      version: '1.0.0',
      state: 'signing',
      parent: null,
      signaturesNeeded: 2,
      maySign: true
    });
    expect(prepared.manifest).toMatch(/^[0-9a-f]{64}$/);
    const [released] = prepared.cases;
    expect(released).toMatchObject({ title: 'Case 1', readers: 3, changes: null });
    expect(released?.decided).toBeGreaterThan(0);
    expect(released?.segments.map(({ name, lesions }) => [name, lesions])).toEqual([
      ['Liver', 0],
      ['Tumour', 2]
    ]);
    // Until then it is nobody's business but theirs who make it.
    const params = { releaseId: prepared.id };
    expect((await study.as('ada').problem('getRelease', { params })).code).toBe('release.unknown');
    const body = { meaning: 'approval', passphrase: 'a long passphrase of this person' };
    const wrong = { ...body, passphrase: 'not the passphrase' };
    expect((await study.lead.problem('signRelease', { params, body: wrong })).code).toBe('signing.passphrase');
    const once = await study.lead.call('signRelease', { params, body });
    expect([once.state, once.maySign, once.signatures.map(({ username, meaning }) => [username, meaning])]).toEqual([
      'signing',
      false,
      [['lead', 'approval']]
    ]);
    expect((await study.lead.problem('signRelease', { params, body })).code).toBe('release.signed-already');
    expect((await study.lead.problem('getReleaseArchive', { params })).code).toBe('release.not-released');
    const done = await study.sign(prepared.id, ['sam']);
    expect(done.state).toBe('released');
    expect(done.archive?.bytes).toBeGreaterThan(1000);
    expect(done.signatures.map(({ name }) => name)).toEqual(['Lea Lead', 'sam']);
  });

  test('everybody of the project may then see it, its report and the reads behind it', async () => {
    const [release] = await study.as('ada').call('listReleases', { params: { projectId: study.projectId } });
    const params = { releaseId: release?.id ?? '' };
    const archive = await study.as('ada').send('getReleaseArchive', { params });
    expect((await archive.arrayBuffer()).byteLength).toBe(release?.archive?.bytes);
    const report = await (await study.as('ada').send('getReleaseReport', { params })).text();
    expect(report).toContain('1.0.0');
    const reference = `release:${params.releaseId}:${study.caseId}`;
    const truth = painted([liver(), tumour(SEEN), tumour(DISPUTED)]);
    expect(await study.labels(reference, study.as('ada'))).toEqual(truth);
    expect(await study.study.seenBy('ada')).toContain('ben submitted view');
  });

  test('it is checked byte for byte by the verifier', async () => {
    const [release] = await study.lead.call('listReleases', { params: { projectId: study.projectId } });
    const verified = await study.as('cleo').call('verifyRelease', { params: { releaseId: release?.id ?? '' } });
    expect(verified).toMatchObject({ valid: true, problem: null });
    expect(verified.checked.signatures).toBe(2);
    expect(verified.checked.auditEntries).toBeGreaterThan(20);
    const events = await study.lead.call('listAuditEvents', { params: { projectId: study.projectId } });
    const last = events.find(({ action }) => action === 'release.released');
    expect(last?.details).toMatchObject({ version: '1.0.0', archive: release?.archive?.sha256 });
  });

  test('the same truth again is a patch, and only a patch', async () => {
    const problem = await study.lead.problem('prepareRelease', {
      params: { projectId: study.projectId },
      body: { step: 'minor', cases: [study.caseId], notes: '' }
    });
    expect([problem.code, problem.detail]).toEqual([
      'release.step',
      'This must be a patch version, not minor: the truth is the same as before.'
    ]);
    const patch = await study.prepare({ step: 'patch', notes: 'A text was corrected' });
    expect([patch.version, patch.cases[0]?.changes]).toEqual(['1.0.1', []]);
    const pending = await study.lead.problem('prepareRelease', {
      params: { projectId: study.projectId },
      body: { step: 'patch', cases: [study.caseId], notes: '' }
    });
    expect(pending.code).toBe('release.pending');
    await study.lead.call('withdrawRelease', { params: { releaseId: patch.id } });
    expect((await study.settled(patch.id, 'signing')).state).toBe('withdrawn');
  });

  test('1.1.0 follows when a reader finds something, and tells what has changed', async () => {
    const { reads } = await study.lead.call('getCase', { params: { caseId: study.caseId } });
    for (const name of ['ada', 'ben', 'cleo']) {
      const read = reads.find(({ reader, purpose }) => reader.username === name && purpose === 'reading');
      const readId = read?.id ?? '';
      await study.as(name).call('reopenRead', { params: { readId }, body: { reason: 'A third lesion was found' } });
      await study.paint(name, readId, [tumour([7, 1, 6], [2, 1, 1])], 50);
      await study.submit(name, readId);
    }
    const stale = await study.lead.problem('prepareRelease', {
      params: { projectId: study.projectId },
      body: { step: 'minor', cases: [study.caseId], notes: '' }
    });
    expect(stale.detail).toContain('reads have changed since its consensus');
    const consensus = await study.consensus();
    const read = await study.beginAdjudication('dora', consensus.id);
    await study.decideAll('dora', consensus);
    await study.submit('dora', read.id);
    const prepared = await study.prepare({ step: 'minor', notes: 'A third lesion' });
    expect(prepared.version).toBe('1.1.0');
    expect(prepared.cases[0]?.changes?.map(({ kind, segment }) => [kind, segment])).toContainEqual(['added', 2]);
    const released = await study.sign(prepared.id);
    expect(released.state).toBe('released');
    const [newest, first] = await study.lead
      .call('listReleases', { params: { projectId: study.projectId } })
      .then(all => all.filter(({ state }) => state === 'released'));
    expect([newest?.version, first?.version, newest?.parent]).toEqual(['1.1.0', '1.0.0', first?.id]);
    for (const each of [newest, first]) {
      const params = { releaseId: each?.id ?? '' };
      expect((await study.lead.call('verifyRelease', { params })).problem, each?.version).toBeNull();
    }
    const difference = await study.lead.call('getDifference', {
      query: {
        before: `release:${first?.id ?? ''}:${study.caseId}`,
        after: `release:${newest?.id ?? ''}:${study.caseId}`
      }
    });
    expect(difference.identical).toBe(false);
    expect(difference.changes.map(({ kind }) => kind)).toContain('added');
  });

  test('a change of what labels mean forces a major version', async () => {
    const content = votes();
    const segments = content.segments.map(segment =>
      segment.number === 2 ? { ...segment, instructions: 'Only what is larger than 5 mm' } : segment
    );
    await study.study.lock({ ...content, segments });
    await study.consensus();
    const again = await study.lead.problem('prepareRelease', {
      params: { projectId: study.projectId },
      body: { step: 'minor', cases: [study.caseId], notes: '' }
    });
    expect(again.code).toBe('release.case-not-ready');
    const [newest] = await study.lead.call('listConsensus', { params: { caseId: study.caseId } });
    const consensus = await study.computed(newest?.id ?? '');
    expect(consensus.result?.warnings.map(({ code }) => code)).toContain('protocol.mixed');
    const read = await study.beginAdjudication('dora', consensus.id);
    await study.decideAll('dora', consensus);
    await study.submit('dora', read.id);
    const minor = await study.lead.problem('prepareRelease', {
      params: { projectId: study.projectId },
      body: { step: 'minor', cases: [study.caseId], notes: '' }
    });
    expect(minor.detail).toContain('This must be a major version');
    const prepared = await study.prepare({ step: 'major' });
    expect(prepared.version).toBe('2.0.0');
  });

  test('who has to read one of its cases again sees no release of it, nor makes one, until that is done', async () => {
    const readers = { ...votes().readers, repeat: { share: 1, afterDays: 0 } };
    study = await TruthStudy.start(service, votes({ readers }));
    await study.study.setRole('ada', 'manager');
    await decided();
    const { id } = await study.sign((await study.prepare()).id);
    const ada = study.as('ada');
    const projectId = { params: { projectId: study.projectId } };
    const params = { releaseId: id };
    const seen = async (): Promise<string[]> =>
      (await ada.call('listReleases', projectId)).map(({ version }) => version);
    expect(await seen()).toEqual(['1.0.0']);

    await study.study.assign(['ada'], { repeat: true });

    expect(await seen()).toEqual([]);
    for (const name of ['getRelease', 'getReleaseArchive', 'getReleaseReport', 'verifyRelease'] as const) {
      expect((await ada.problem(name, { params })).code, name).toBe('access.blinded');
    }
    expect((await ada.problem('listEvaluableReaders', { params })).code).toBe('access.blinded');
    const reference = `release:${id}:${study.caseId}`;
    for (const name of ['getFixedLabelMap', 'getFixedLabelMapPack'] as const) {
      expect((await ada.problem(name, { params: { reference } })).code, name).toBe('access.blinded');
    }
    const body = { step: 'patch', cases: [study.caseId], notes: '' };
    expect((await ada.problem('prepareRelease', { ...projectId, body })).code).toBe('access.blinded');
    expect((await study.lead.call('getRelease', { params })).version).toBe('1.0.0');
    // One that is not released is not there for readers, blinded or not.
    await study.study.assign(['ben'], { repeat: true });
    const pending = await study.prepare({ step: 'patch' });
    const ofPending = { params: { releaseId: pending.id } };
    expect((await study.as('ben').problem('getRelease', ofPending)).code).toBe('release.unknown');
    expect((await ada.problem('getRelease', ofPending)).code).toBe('access.blinded');

    await study.study.begin('ada');
    expect(await seen()).toEqual([]);
    await study.study.submit('ada');
    expect(await seen()).toEqual(['1.0.1', '1.0.0']);
  });

  test('who has a blind read to submit elsewhere in the project does not get the archive, whose audit log tells of it', async () => {
    study = await TruthStudy.start(service);
    await decided();
    const { id } = await study.sign((await study.prepare()).id);
    const params = { releaseId: id };
    const volumes = study.study.case_.volumes.map(({ hash }) => hash);
    const project = { projectId: study.projectId };
    const other = await study.lead.call('createCase', { params: project, body: { title: 'Case 2', volumes } });
    const body = { readers: ['ada', 'ben'], due: null, repeat: false };
    await study.lead.call('assignReaders', { params: { caseId: other.id }, body });
    const ada = study.as('ada');
    expect((await ada.call('getRelease', { params })).version).toBe('1.0.0');
    expect((await ada.send('getReleaseReport', { params })).status).toBe(200);
    expect((await ada.problem('getReleaseArchive', { params })).code).toBe('access.blinded');
    expect((await study.as('cleo').send('getReleaseArchive', { params })).status).toBe(200);
  });

  test('what the protocol must say of the data is asked for by name', async () => {
    study = await TruthStudy.start(service, votes({ dataset: { ...votes().dataset, origin: ' ', licence: '' } }));
    await decided();
    const problem = await study.lead.problem('prepareRelease', {
      params: { projectId: study.projectId },
      body: { step: 'major', cases: [study.caseId], notes: '' }
    });
    expect([problem.code, problem.detail]).toEqual([
      'release.dataset-incomplete',
      'The protocol does not tell of the data what a release must tell: origin of the images, licence. Add it in a new version.'
    ]);
  });

  test('only managers prepare, and what has changed meanwhile is not signed', async () => {
    study = await TruthStudy.start(service);
    await decided();
    const body = { step: 'major', cases: [study.caseId], notes: '' };
    const params = { projectId: study.projectId };
    expect((await study.as('dora').problem('prepareRelease', { params, body })).code).toBe('access.denied');
    const release = await study.prepare();
    const { reads } = await study.lead.call('getCase', { params: { caseId: study.caseId } });
    const read = reads.find(({ reader }) => reader.username === 'ada');
    await study.as('ada').call('reopenRead', { params: { readId: read?.id ?? '' }, body: { reason: 'Wait' } });
    const refused = await study.lead.problem('signRelease', {
      params: { releaseId: release.id },
      body: { meaning: 'approval', passphrase: 'a long passphrase of this person' }
    });
    expect([refused.code, refused.detail]).toEqual([
      'release.state',
      'Case 1 has changed since this release was prepared. Withdraw it and prepare it anew.'
    ]);
  });
});
