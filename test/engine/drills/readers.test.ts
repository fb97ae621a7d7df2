import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDrill } from '../../../game-day/drill.ts';
import { type ReceivedMail, readInbox } from '../../../local/inbox.ts';
import { caseTable, incidentOf } from '../../../operator/cases.ts';
import { putEvent } from '../../../operator/event-bus.ts';
import { output } from '../../../operator/place.ts';
import { bytesOf, evidenceOf } from '../../../operator/recorded-evidence.ts';
import { holdsWithin, until } from '../../../operator/wait.ts';
import { evidencePrefix } from '../../../responders/incident/incident-id.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { seenIn } from '../../../responders/incident/stage.ts';
import { at } from '../../../responders/shared/json.ts';
import { jq } from '../../support/responders/report/jq.ts';
import { type CordonUp, cordonUp } from './cordon-up.ts';
import { changed, findings } from './events.ts';

let up: CordonUp;
let incidentId = '';
const said: string[] = [];
beforeAll(async () => {
  up = await cordonUp();
  const progress = (line: string): void => void said.push(line);
  const { checks, ...result } = await runDrill('lambda-credential-theft', {
    connection: up.connection,
    progress,
  });
  expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  ({ incidentId } = result);
});
afterAll(() => up.stop());

const results = (): ReceivedMail[] =>
  readInbox(up.connection.runDir).filter(({ subject }) => subject.includes('Cordon drill '));
/** Mails that have these words, be it that one is about several incidents. */
const telling = (words: string): ReceivedMail[] =>
  readInbox(up.connection.runDir).filter(({ subject, body }) =>
    `${subject}\n${body}`.includes(words),
  );
const say = (detail: object) =>
  putEvent(up.place, 'drills', { detailType: 'Drill Result', detail });
const score = () => ({
  ...{
    scenario: 'lambda-credential-theft',
    incidentId,
    checks: 15,
    failed: [],
    restored: true,
    firstDeniedMs: 412,
  },
});

it('a scored drill is told to the security team, contained or not in the third line', async () => {
  const [mail, ...others] = results();

  expect(others).toEqual([]);
  expect(said.at(-1)).toBe('the security team was told of the result');
  expect(mail?.subject).toMatch(
    new RegExp(`^\\[DRILL\\] Cordon drill passed: ${incidentId}, [\\w-]+$`),
  );
  expect(mail?.body.split('\n').slice(0, 3)).toEqual([
    'What:  drill lambda-credential-theft PASSED, 15 of 15 checks, a DRILL',
    expect.stringMatching(/^Where: function \S+, role \S+, in 000000000000\/us-east-1$/),
    expect.stringMatching(
      /^State: It was contained .* Everything is as it was before\. NEXT: Nothing to do\.$/,
    ),
  ]);
  expect((await up.cordon(['mail'])).stdout).toContain(mail?.subject);
});

it('the score is kept in the case, for the console', async () => {
  const { head } = await readCase(await caseTable(up.place), incidentId);
  expect(head.score).toMatchObject({
    ...{ scenario: 'lambda-credential-theft', incidentId, checks: 15, failed: [], restored: true },
    firstDeniedMs: expect.any(Number),
  });
});

/** A finding of a type that is only told, so that nothing is contained. */
const aRealIncident = async (): Promise<string> => {
  const { account, region } = up.place;
  const type = 'Policy:S3/BucketPublicAccessGranted';
  const detail = changed(findings(up.place).beacon, 'type', type);
  await putEvent(up.place, 'default', { detailType: 'GuardDuty Finding', detail });
  const table = await caseTable(up.place);
  const claim = { drill: false, account, region, findingId: String(detail.id) };
  return until(() => incidentOf(table, claim), {
    within: 120_000,
    timeoutMessage: 'no incident',
  });
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
  // The last one is a result that is told: once it has arrived, those before it have been judged.
  // Said again where nothing came of it: the engine takes a throttled call for a failed one and
  // gives up after three.
  const told = async () => {
    await say({
      ...score(),
      scenario: 'shared-role-function',
      incidentId: null,
      failed: ['the drill ran to its end'],
    });
    return holdsWithin(async () => telling('no incident, shared-role-function').length > 0, 4_000);
  };
  expect(await holdsWithin(told, 160_000)).toBe(true);

  expect(telling('Cordon drill passed')).toHaveLength(1);
  expect(telling('evil')).toEqual([]);
  expect(
    (await readCase(await caseTable(up.place), real)).mails.map(({ kind }) => kind),
  ).not.toContain('drill');
});

it('the drill role may neither call the notifier nor publish', async () => {
  const drill = await up.place.config('drill');
  const asked = new LambdaClient(drill).send(
    new InvokeCommand({ FunctionName: 'NotifyLambda', Payload: Buffer.from('{}') }),
  );
  await expect(asked).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  const TopicArn = output(up.place, 'CordonResponse', 'TopicArn');
  const published = new SNSClient(drill).send(
    new PublishCommand({ TopicArn, Subject: 's', Message: 'm' }),
  );
  await expect(published).rejects.toMatchObject({
    name: expect.stringMatching(/AuthorizationError|AccessDenied/),
  });
});

it('every number of the final report can be counted again in an object that the manifest lists', async () => {
  const found = await readCase(await caseTable(up.place), incidentId);
  const evidence = await evidenceOf(up.place, found.head);
  const folder = evidencePrefix(incidentId);
  const read = async (path: string): Promise<unknown> =>
    JSON.parse(Buffer.from(await bytesOf(`${folder}${path}`, evidence)).toString());
  const [report, manifest] = [await read('report/v2.json'), await read('manifest.json')];
  const objects = at(manifest, 'objects');
  const listed = Array.isArray(objects) ? objects.map((one) => String(at(one, 'path'))) : [];
  const numbers = at(report, 'view.counted');
  const sources = Object.values(Object(at(report, 'view.sources')))
    .flat()
    .map(String);

  expect(Array.isArray(numbers) && numbers.length).toBeGreaterThan(10);
  for (const one of Array.isArray(numbers) ? numbers : []) {
    const [label, value, path, count] = ['label', 'value', 'path', 'count'].map((key) =>
      String(at(one, key)),
    );
    expect({ label, value }).toEqual({
      label,
      value: String(jq(count ?? '', await read(path ?? ''))),
    });
    expect(listed).toContain(path);
  }
  expect(new Set(sources).size).toBeGreaterThan(5);
  expect(sources.filter((path) => path !== 'manifest.json' && !listed.includes(path))).toEqual([]);
});

it('the timeline tells the attacker from the function, although both call from this machine', async () => {
  const { stages } = await readCase(await caseTable(up.place), incidentId);
  const calls = seenIn(stages)?.by.map(({ who, calls: many }) => [who, many > 0]);
  expect(calls).toEqual([
    ['attacker', true],
    ['function', true],
  ]);
});

it('the first mail follows the first containment call, and reports wait for timelines', async () => {
  const { clocks } = (await readCase(await caseTable(up.place), incidentId)).head;
  const after = (at: number | null): number =>
    (at ?? Number.POSITIVE_INFINITY) - (clocks.accepted ?? 0);
  console.log(
    `after the first containment call: first mail ${after(clocks.flash)} ms, ` +
      `report 1 ${after(clocks.report1)} ms`,
  );

  const order = ['received', 'accepted', 'flash', 'report1', 'timeline2', 'report2'] as const;
  expect(order.toSorted((one, other) => after(clocks[one]) - after(clocks[other]))).toEqual(order);
  expect(after(clocks.evidence)).toBeLessThanOrEqual(after(clocks.timeline1));
  expect(after(clocks.timeline1)).toBeLessThanOrEqual(after(clocks.report1));
  expect(after(clocks.report2)).toBeLessThan(Number.POSITIVE_INFINITY);
});
