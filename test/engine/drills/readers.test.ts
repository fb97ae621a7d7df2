import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caseTable, incidentOf } from '../../../game-day/cases.ts';
import { bytesOf, evidenceOf } from '../../../game-day/download.ts';
import { runDrill } from '../../../game-day/drill.ts';
import { type ReceivedMail, readInbox } from '../../../game-day/inbox.ts';
import { put } from '../../../game-day/inject.ts';
import { output } from '../../../game-day/place.ts';
import { until } from '../../../game-day/wait.ts';
import { readCase } from '../../../responders/core/case.ts';
import { at } from '../../../responders/core/door.ts';
import { evidencePrefix } from '../../../responders/core/incident-id.ts';
import { jq } from '../../responders/report/jq.ts';
import { type CordonUp, cordonUp } from './cordon-up.ts';

let up: CordonUp;
let incidentId = '';
const said: string[] = [];
beforeAll(async () => {
  up = await cordonUp();
  const progress = (line: string): void => void said.push(line);
  const { checks, ...result } = await runDrill('lambda-credential-theft', { connection: up.connection, progress });
  expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  ({ incidentId } = result);
});
afterAll(() => up.stop());

const results = (): ReceivedMail[] => readInbox(up.connection.runDir).filter(({ subject }) => subject.includes('Cordon drill '));
const say = (detail: object) => put(up.place, 'drills', { detailType: 'Drill Result', detail });
const score = () => ({
  ...{ scenario: 'lambda-credential-theft', incidentId, checks: 14, failed: [], restored: true, firstDeniedMs: 412 },
});

it('a scored drill is told to the security team, contained or not in the third line', async () => {
  const [mail, ...others] = results();

  expect(others).toEqual([]);
  expect(said.at(-1)).toBe('the security team was told of the result');
  expect(mail?.subject).toMatch(new RegExp(`^\\[DRILL\\] Cordon drill passed HIGH released: ${incidentId}, [\\w-]+$`));
  expect(mail?.body.split('\n').slice(0, 3)).toEqual([
    'What:  drill lambda-credential-theft PASSED, 14 of 14 checks, a DRILL',
    expect.stringMatching(/^Where: function \S+, role \S+, in 000000000000\/us-east-1$/),
    expect.stringMatching(/^State: CONTAINED .* Everything is as it was before\. NEXT: Nothing to do\.$/),
  ]);
  expect((await up.cordon(['mail'])).stdout).toContain(mail?.subject);
});

/** A sample: told, and nothing is contained. */
const aRealIncident = async (): Promise<string> => {
  const [account, region, id] = ['000000000000', 'us-east-1', 'a-real-one'];
  const now = new Date().toISOString();
  const detail = {
    ...{ id, type: 'Backdoor:Lambda/C&CActivity.B', severity: 8, accountId: account, region, partition: 'aws' },
    ...{ title: '[SAMPLE] x', createdAt: now, updatedAt: now, resource: { resourceType: 'Lambda' }, service: {} },
  };
  await put(up.place, 'default', { detailType: 'GuardDuty Finding', detail });
  const table = await caseTable(up.place);
  return until(() => incidentOf(table, { drill: false, account, region, findingId: id }), { within: 120_000, sorry: 'no incident' });
};

it('whoever may drill gets no other mail out: not a second one, not about a real incident, no words of his own', async () => {
  const real = await aRealIncident();
  for (const detail of [
    score(),
    { ...score(), incidentId: real },
    { ...score(), incidentId: 'inc-20200101-00000000' },
    { ...score(), failed: ['your mailbox is full: visit evil.example'] },
    { ...score(), scenario: 'visit-evil-example' },
    { ...score(), kind: 'ask', token: 'x' },
  ])
    await say(detail);
  await sleep(6_000);

  expect(results()).toHaveLength(1);
  expect(readInbox(up.connection.runDir).filter(({ subject, body }) => /evil/.test(subject + body))).toEqual([]);
  expect((await readCase(await caseTable(up.place), real)).mails.map(({ kind }) => kind)).not.toContain('drill');
});

it('the drill role may neither call the notifier nor publish', async () => {
  const drill = await up.place.config('drill');
  const asked = new LambdaClient(drill).send(new InvokeCommand({ FunctionName: 'NotifyLambda', Payload: Buffer.from('{}') }));
  await expect(asked).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  const TopicArn = output(up.place, 'CordonResponse', 'TopicArn');
  const published = new SNSClient(drill).send(new PublishCommand({ TopicArn, Subject: 's', Message: 'm' }));
  await expect(published).rejects.toMatchObject({ name: expect.stringMatching(/AuthorizationError|AccessDenied/) });
});

it('every number of the final report can be counted again in an object that the manifest lists', async () => {
  const found = await readCase(await caseTable(up.place), incidentId);
  const evidence = await evidenceOf(up.place, found.head);
  const folder = evidencePrefix(incidentId);
  const read = async (path: string): Promise<unknown> => JSON.parse(Buffer.from(await bytesOf(`${folder}${path}`, evidence)).toString());
  const [report, manifest] = [await read('report/v2.json'), await read('manifest.json')];
  const objects = at(manifest, 'objects');
  const listed = Array.isArray(objects) ? objects.map((one) => String(at(one, 'path'))) : [];
  const numbers = at(report, 'view.counted');
  const sources = Object.values(Object(at(report, 'view.sources')))
    .flat()
    .map(String);

  expect(Array.isArray(numbers) && numbers.length).toBeGreaterThan(10);
  for (const one of Array.isArray(numbers) ? numbers : []) {
    const [label, value, path, count] = ['label', 'value', 'path', 'count'].map((key) => String(at(one, key)));
    expect({ label, value }).toEqual({ label, value: String(jq(count ?? '', await read(path ?? ''))) });
    expect(listed).toContain(path);
  }
  expect(new Set(sources).size).toBeGreaterThan(5);
  expect(sources.filter((path) => path !== 'manifest.json' && !listed.includes(path))).toEqual([]);
});

/** Half a second and three on a quiet machine; a loaded one may take longer, and says how long. */
it('the first mail follows the first containment call at once, and the first report soon', async () => {
  const { clocks } = (await readCase(await caseTable(up.place), incidentId)).head;
  const after = (at: number | null): number => (at ?? Number.POSITIVE_INFINITY) - (clocks.accepted ?? 0);
  console.log(`after the first containment call: first mail ${after(clocks.flash)} ms, report 1 ${after(clocks.report1)} ms`);

  expect(after(clocks.flash)).toBeLessThanOrEqual(15_000);
  expect(after(clocks.report1)).toBeLessThanOrEqual(60_000);
});
