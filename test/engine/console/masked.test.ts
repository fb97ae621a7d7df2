// An open question about a finding in whose words a secret stands: what the console shows of it.
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { injectEvent } from '../../../operator/inject.ts';
import { questionToken } from '../../../responders/incident/records.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited } from '../intruder/case.ts';
import { consoleDeskOf } from './desk.ts';

const secret = 'Canary5Console6Value7ForSearch';
const answers = new Map<string, { readonly status: number; readonly text: string }>();
let taskToken: string | undefined;

beforeAll(async () => {
  const cordon = await borrowed();
  const desk = await consoleDeskOf(cordon);
  const [functionName, roleName] = ['console-masked', 'console-masked-role'];
  const roleArn = await makeRole(cordon, roleName);
  await makeFunction(cordon, functionName, roleArn, { tags: { 'cordon:tier': 'critical' } });
  const found = findingAbout({ functionName, roleName, roleArn }, randomUUID().replaceAll('-', ''));
  const detail = { ...found, title: `password=${secret}`, description: `token=${secret}` };
  const injected = await injectEvent(
    desk.place,
    desk.table,
    'default',
    { detailType: 'GuardDuty Finding', detail },
    { within: 120_000 },
  );
  if ('refused' in injected) throw new Error(injected.refused);
  const { id } = injected.incident.head;
  await awaited(desk, id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  taskToken = await questionToken(desk.table, id);

  const token = await desk.enter('audrey-masked', 'auditors', 'approvers', 'responders');
  const ofIncident = ['', '/question', '/timeline', '/report', '/evidence', '/release-preview'];
  for (const path of [
    ...['/now', '/incidents?drills=show', '/drills', '/policy', '/health', '/audit'],
    ...ofIncident.map((part) => `/incidents/${id}${part}`),
  ])
    answers.set(path.replace(id, '{id}'), await desk.call('GET', path, { token }));
});

it('the search sees what is shown of the incident', () => {
  for (const path of ['/now', '/incidents/{id}', '/incidents/{id}/question', '/health', '/audit'])
    expect([path, answers.get(path)?.status]).toEqual([path, 200]);
  expect(answers.get('/incidents/{id}/question')?.text).toContain('[masked ');
  expect(taskToken).toMatch(/\S{20}/);
});

it('no answer of the console has the secret, or the token that ends the wait', () => {
  const leaking = (text: string) =>
    [...answers].filter(([, shown]) => shown.text.includes(text)).map(([path]) => path);
  expect(leaking(secret)).toEqual([]);
  expect(leaking(taskToken ?? 'no token')).toEqual([]);
});
