import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { signing } from './support/study.js';
import { liver, SEEN, tumour, TruthStudy, TUMOUR, votes, type Box } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
  study = await TruthStudy.start(service, votes());
  await study.study.assign(['ada', 'ben', 'cleo']);
});
afterAll(() => service.stop());

async function drawn(username: string, boxes: readonly Box[]): Promise<string> {
  const { id } = await study.study.begin(username);
  await study.paint(username, id, boxes);
  return id;
}

const submission = (notRead: readonly number[]): object => ({ signing: signing(), notRead });

test('nothing can be left unread that is painted, that is no segment, or that is all', async () => {
  const readId = await drawn('ada', [liver(), tumour(SEEN)]);
  const refusal = async (notRead: readonly number[]): Promise<string[]> => {
    const { code, detail } = await study
      .as('ada')
      .problem('submitRead', { params: { readId }, body: submission(notRead) });
    return [code, detail];
  };
  expect(await refusal([TUMOUR])).toEqual(['read.not-read', 'Tumour is painted: erase it, or submit it as read.']);
  expect(await refusal([9])).toEqual(['read.not-read', 'The protocol has no segment 9.']);
  expect(await refusal([1, TUMOUR])).toEqual([
    'read.not-read',
    'Nobody can submit a read in which nothing was looked for.'
  ]);
});

test('a segment that a reader has not looked for is signed as such, and is no vote against it', async () => {
  await study.study.submit('ada');
  await drawn('ben', [liver(), tumour(SEEN)]);
  await study.study.submit('ben');
  const readId = await drawn('cleo', [liver()]);
  const revision = await study.as('cleo').call('submitRead', { params: { readId }, body: submission([TUMOUR]) });
  expect(revision.notRead).toEqual([TUMOUR]);
  const { result } = await study.consensus();
  expect(result?.readers.map(({ readSegments }) => readSegments)).toEqual([null, null, [1]]);
  // Two have looked, and both have seen it: nobody disputes it.
  expect(result?.disputes.filter(({ kind }) => kind === 'presence')).toEqual([]);
  const agreement = result?.agreement.find(({ number }) => number === TUMOUR);
  expect(agreement?.pairs.map(({ a, b }) => `${a}${b}`)).toEqual(['AB']);
});

test('a reopened read can take it back, and then nothing painted is a vote against what others saw', async () => {
  const { reads } = await study.lead.call('getCase', { params: { caseId: study.caseId } });
  const readId = reads.find(({ reader }) => reader.username === 'cleo')?.id ?? '';
  await study.as('cleo').call('reopenRead', { params: { readId }, body: { reason: 'Now I have looked' } });
  const revision = await study.as('cleo').call('submitRead', { params: { readId }, body: { signing: signing() } });
  expect([revision.number, revision.notRead]).toEqual([2, []]);
  const { result } = await study.consensus();
  expect(result?.readers.map(({ readSegments }) => readSegments)).toEqual([null, null, null]);
  expect(result?.disputes.filter(({ kind }) => kind === 'presence')).toHaveLength(1);
});
