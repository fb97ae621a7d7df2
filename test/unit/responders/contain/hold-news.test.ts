import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { release } from '../../../../responders/contain/release.ts';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { toldBy } from '../../../../responders/incident/hold-news.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail, saveStage } from '../../../../responders/incident/records.ts';
import { digest } from '../../../../responders/report/digest.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { asked, contain } from '../../../support/responders/contained.ts';
import { closingStage } from '../../../support/responders/stages.ts';

const hour = 3_600_000;

/** A hold, the looks at it, and the mails about it. */
const hold = async () => {
  const world = fakeDeps();
  const { deps, account, clock } = world;
  const { incidentId } = await contain(deps, 'f1');
  await saveStage(deps.table, incidentId, closingStage);
  const place = {
    ...{ zone: 'UTC', region: 'eu-west-1', catalog: deps.catalog, aws: true, bucket: 'b' },
    mask: (text: string) => text,
  };
  const read = () => readCase(deps.table, incidentId);
  const look = async () => (await sweep(null, deps)).tell;
  const detach = () =>
    account.world.roles.get('orders-role')?.attached.delete(quarantine.role) ?? false;
  const start = () => {
    const workload = account.world.functions.get('orders');
    if (workload) workload.reserved = 100;
  };
  /** Writes a mail about the hold, and says what it tells of removals. */
  const mail = async (kind: 'hold' | 'release' = 'hold') => {
    const incident = await read();
    const written = letter(incident, kind, place);
    const sent = { kind, subject: written.subject, round: 1, at: clock.at, ...toldBy(incident) };
    await saveMail(deps.table, incidentId, sent);
    return { ...written, removed: written.body.match(/^Removed: .*$/gm) ?? [] };
  };
  return { ...world, incidentId, read, look, detach, start, mail };
};

describe('what a look at a hold finds out', () => {
  it('is told by the next look where the first ended before its mail, and once', async () => {
    const { incidentId, look, detach, mail, clock } = await hold();
    detach();
    await look();
    expect(await look()).toEqual([incidentId]);
    expect((await mail()).removed).toHaveLength(1);
    clock.at += 2 * hour;
    expect(await look()).toEqual([]);
  });

  it('is told where the look saved the removal and failed at its end', async () => {
    const { incidentId, look, detach, mail, cases, read } = await hold();
    detach();
    let writes = 0;
    const { table } = cases;
    const send = table.dynamo.send.bind(table.dynamo);
    const failing = ((command: unknown) => {
      // The first write takes the turn, the second ends it.
      const isUpdate = command instanceof UpdateItemCommand;
      if (isUpdate) writes += 1;
      if (isUpdate && writes >= 2) return Promise.reject(new Error('the table is away'));
      return send(command as UpdateItemCommand);
    }) as typeof table.dynamo.send;
    table.dynamo.send = failing;
    await look();
    table.dynamo.send = send;
    expect((await read()).drifts).toHaveLength(1);
    await update(cases.table, incidentId, { busyUntil: 0 });

    expect(await look()).toEqual([incidentId]);
    expect((await mail()).removed).toHaveLength(1);
  });

  it('within an hour of a mail is told after it, with everything since', async () => {
    const { incidentId, look, detach, start, mail, clock } = await hold();
    detach();
    await look();
    const first = await mail();
    expect(first.removed).toHaveLength(1);
    expect(first.removed[0]).toContain('quarantine-role on orders-role; it is contained again');
    detach();
    expect(await look()).toEqual([]);
    start();
    expect(await look()).toEqual([]);
    clock.at += hour;

    expect(await look()).toEqual([incidentId]);
    const { removed } = await mail();
    expect(removed.map((text) => text.match(/contain\.[\w-]+/)?.[0])).toEqual([
      'contain.quarantine-role',
      'contain.pause-function',
    ]);
    clock.at += 2 * hour;
    expect(await look()).toEqual([]);
  });

  it('about the state alone is told as well', async () => {
    const { incidentId, look, detach, mail, account, clock, read } = await hold();
    const attach = account.iam.on(AttachRolePolicyCommand);
    detach();
    attach.rejects(Object.assign(new Error('no'), { name: 'LimitExceeded' }));
    await look();
    expect((await mail()).removed[0]).toContain('it is not contained again as a whole');
    clock.at += 10_000;
    attach.callsFake(
      ({ PolicyArn }) => void account.world.roles.get('orders-role')?.attached.add(PolicyArn),
    );
    await look();
    expect((await read()).head.state).not.toBe('partial');
    expect(await look()).toEqual([incidentId]);
    await mail();
    expect(await look()).toEqual([]);
  });

  it('is told at the release where no mail has told it before', async () => {
    const { deps, incidentId, look, detach, mail } = await hold();
    detach();
    await look();
    await release(asked(incidentId), deps);
    expect((await mail('release')).removed[0]).toContain('it was contained again');
    expect((await mail('release')).removed).toEqual([]);
  });

  it('is shortened to the last five, and stands in a digest too', async () => {
    const { look, detach, mail, clock, incidentId } = await hold();
    for (let times = 0; times < 7; times += 1) {
      detach();
      await look();
    }
    const written = await mail();
    expect(written.removed).toHaveLength(6);
    expect(written.removed[0]).toContain(`2 more before these: cordon show ${incidentId} --aws`);
    const notice = { ...written, incident: incidentId, kind: 'hold', round: 1, at: clock.at };
    expect(digest([notice, notice], 2, clock.at).body).toContain(
      `    ${written.removed.at(-1)?.replace(/ +/, ' ')}`,
    );
  });
});
