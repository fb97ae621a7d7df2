// The route of the timeline over a case table and a bucket that remember.
import { expect, it } from 'vitest';
import { timeline } from '../../../../console/api/timeline.ts';
import { timelineReply } from '../../../../console/schemas/replies.ts';
import { createBytes } from '../../../../responders/evidence/store.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { saveStage } from '../../../../responders/incident/records.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request } from '../../../support/console/people.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { contain } from '../../../support/responders/contained.ts';
import { timelineStageOf } from '../../../support/responders/stages.ts';

const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}Z`;
const call = (second: number, more: object = {}) => ({
  ...{ at: at(second), id: `call-${second}`, action: 's3:GetObject', outcome: 'allowed' },
  ...{ whose: 'suspect', origin: 'attacker' },
  ...more,
});
const stored = {
  window: { from: at(0), to: at(50) },
  all: [
    call(1, { parameters: '{"password":"hunter2-hunter2"}' }),
    call(2, { whose: 'platform' }),
    call(8, { whose: 'cordon' }),
    call(9, { outcome: 'AccessDenied' }),
  ],
};
const key = 'incidents/2026/11/21/timeline/pass-1.json';

/** A contained incident whose timeline lies in the bucket of real incidents. */
const route = async () => {
  const { deps } = fakeDeps();
  const { incidentId } = await contain(deps, 'timeline');
  await saveStage(deps.table, incidentId, timelineStageOf(1, { json: key, horizon: at(30) }));
  const { to } = fakeBucket();
  const body = Buffer.from(JSON.stringify(stored));
  await createBytes(to, { key, body, type: 'application/json' });
  const buckets = { real: to.bucket, drill: 'drills' };
  const answer = timeline({
    ...{ table: deps.table, mask: maskWith('salt'), now: () => 0 },
    ...{ s3: to.s3, buckets },
  });
  const caller = person('rita', 'readers');
  const read = async (query: Readonly<Record<string, string>> = {}) =>
    timelineReply.parse((await answer(request({ caller, path: { id: incidentId }, query }))).body);
  return { read, table: deps.table, incidentId, bucket: to.bucket };
};

it('says where the timeline lies, how far it reaches, and hides secrets', async () => {
  const { read, bucket } = await route();
  const shown = await read();

  expect(shown).toMatchObject({ bucket, key, horizon: at(30), until: at(50), events: 4 });
  expect(shown.items.map(({ lane }) => lane)).toEqual([
    ...['attacker', 'bystanders', 'cordon', 'attacker'],
  ]);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
});

it('shows one lane alone', async () => {
  const { read } = await route();

  expect(await read({ lane: 'cordon' })).toMatchObject({ events: 1, items: [{ id: 'call-8' }] });
  expect((await read({ lane: 'people' })).items).toEqual([]);
});

it('goes on where a page ended, and not after a decision that moves the rows', async () => {
  const { read, table, incidentId } = await route();
  const first = await read({ limit: '3' });
  const cursor = first.cursor ?? '';
  const next = await read({ limit: '3', cursor });

  expect([first.items.length, next.items.map(({ id }) => id), next.cursor]).toEqual([
    ...[3, ['call-9'], null],
  ]);
  const release = { at: Date.parse(at(5)), by: 'anna', reason: 'clean again' };
  await update(table, incidentId, { release });
  await expect(read({ limit: '3', cursor })).rejects.toThrow('does not belong to this list');
  expect((await read()).items[2]).toMatchObject({ lane: 'people', says: 'clean again' });
});
