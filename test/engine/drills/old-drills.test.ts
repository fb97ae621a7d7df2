// What a run lets go of after many drills, and what a person is told who asks for it.

import { join } from 'node:path';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { letGoOfOldDrills } from '../../../game-day/old-drills.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { signedPost } from '../../../local/engine/signed-request.ts';
import { expiredDrills } from '../../../local/expired-drills.ts';
import { caseTable } from '../../../operator/cases.ts';
import { keptDrills } from '../../../operator/expired.ts';
import type { LocalRun } from '../../../operator/place.ts';
import { evidenceBucketOf, evidencePrefixes } from '../../../operator/recorded-evidence.ts';
import type { Head } from '../../../responders/incident/case.ts';
import { openIncident } from '../../../responders/incident/case-table.ts';
import { saveStage } from '../../../responders/incident/records.ts';
import { verdicts } from '../../../responders/report/words.ts';
import { everyCase } from '../../support/game-day/case.ts';
import { closingStage, reportStageOf } from '../../support/responders/stages.ts';
import { eventually } from '../adapter/world.ts';
import { type CordonUp, cordonUp } from './cordon-up.ts';

let up: CordonUp;
let run: LocalRun;
beforeAll(async () => {
  up = await cordonUp();
  run = { ...up.connection };
});
afterAll(() => up?.stop());

const idOf = (name: string): string => `inc-20261121-${name.padStart(8, '0')}`;

const s3 = (): S3Client => new S3Client(clientConfig(up.connection));

/** An incident whose stages have run, with an object of evidence and an entry of the index. */
const makeIncident = async (
  name: string,
  { drill = true, state = 'released' }: Partial<Pick<Head, 'drill' | 'state'>> = {},
): Promise<string> => {
  const id = idOf(name);
  const table = await caseTable(up.place, 'operator');
  const { head } = everyCase();
  const isHeld = state !== 'released';
  await openIncident(table, {
    claim: { drill, account: '111122223333', region: 'eu-west-1', findingId: name },
    head: { ...head, id, drill, state, openedAt: new Date().toISOString() },
    raw: '{}',
    befores: isHeld
      ? [{ responder: 'contain.pause-function', target: name, before: {}, order: 1, since: 1 }]
      : [],
    breaker: undefined,
  });
  for (const stage of [reportStageOf(1), closingStage]) await saveStage(table, id, stage);
  for (const prefix of evidencePrefixes(id))
    await s3().send(
      new PutObjectCommand({
        Bucket: evidenceBucketOf(up.place, { drill }),
        Key: `${prefix}x.json`,
        Body: '{}',
        IfNoneMatch: '*',
      }),
    );
  return id;
};

const makeDrills = async (names: readonly string[]): Promise<void> => {
  for (const name of names) await makeIncident(name);
};

const numbered = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `d${first + index}`);

/** How many versions of objects the evidence bucket has of an incident. */
const countVersions = async (id: string, drill = true): Promise<number> => {
  const Bucket = evidenceBucketOf(up.place, { drill });
  const counts = await Promise.all(
    evidencePrefixes(id).map(async (Prefix) => {
      const { Versions = [] } = await s3().send(new ListObjectVersionsCommand({ Bucket, Prefix }));
      return Versions.length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

/** Leaves a call in the event history. */
const call = async (UserName: string): Promise<void> => {
  await new IAMClient(clientConfig(up.connection)).send(new CreateUserCommand({ UserName }));
  await eventually(() => isInHistory(UserName), Boolean);
};

const isInHistory = async (UserName: string): Promise<boolean> => {
  const attribute = { AttributeKey: 'ResourceName', AttributeValue: UserName } as const;
  const { Events = [] } = await new CloudTrailClient(clientConfig(up.connection)).send(
    new LookupEventsCommand({ LookupAttributes: [attribute] }),
  );
  return Events.length > 0;
};

test('drills beyond the newest are let go when they are over, with the history before them', async () => {
  await call('before-all');
  const held = await makeIncident('held', { state: 'contained' });
  await makeDrills(numbered(1, keptDrills));

  await letGoOfOldDrills(up.place, run);
  expect(expiredDrills(run.runDir).size).toBe(0);
  expect(await isInHistory('before-all')).toBe(true);

  await makeDrills(numbered(keptDrills + 1, keptDrills + 1));
  await letGoOfOldDrills(up.place, run);

  expect([...expiredDrills(run.runDir)]).toEqual([idOf('d1')]);
  expect(await countVersions(idOf('d1'))).toBe(0);
  expect(await countVersions(idOf('d2'))).toBe(2);
  expect(await countVersions(held)).toBe(2);
  expect(await isInHistory('before-all')).toBe(false);
});

test('who asks for an old drill is told that it is gone, and keeps its record', async () => {
  const id = idOf('d1');
  const gone = `gone: a local run keeps those of its newest ${keptDrills} drills`;

  const shown = await up.cordon(['show', id]);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(verdicts.released) });
  expect(shown.stdout).toContain('Evidence\n  gone, with the reports and the timeline');
  expect(JSON.parse((await up.cordon(['show', id, '--json'])).stdout)).toMatchObject({
    evidence: { expired: true },
  });
  for (const args of [
    ['report', id],
    ['evidence', 'ls', id],
    ['evidence', 'pull', id, '--to', join(run.runDir, 'pulled'), '--purpose', 'a test'],
  ])
    expect(await up.cordon(args)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`the evidence and the reports of ${id} are ${gone}`),
    });
  expect((await up.cordon(['show', idOf('d2')])).stdout).not.toContain('gone');
});

test('a real incident keeps its evidence, and the history that its timeline needs', async () => {
  const real = await makeIncident('real', { drill: false });
  await call('after-some');
  await makeDrills(numbered(keptDrills + 2, 2 * keptDrills + 2));

  await letGoOfOldDrills(up.place, run);

  expect(await countVersions(idOf('d11'))).toBe(0);
  expect(await countVersions(idOf('d13'))).toBe(2);
  expect(await countVersions(real, false)).toBe(2);
  expect(await isInHistory('after-some')).toBe(true);
});

test('the engine removes nothing from a bucket whose lifecycle expires nothing', async () => {
  const bucket = evidenceBucketOf(up.place, { drill: false });
  const ask = new URLSearchParams({ bucket, folder: 'incidents/' });
  const answer = await signedPost(up.connection, `/_cordon/expiry?${ask}`);

  expect(answer.status).toBe(403);
  expect(await countVersions(idOf('real'), false)).toBe(2);
});
