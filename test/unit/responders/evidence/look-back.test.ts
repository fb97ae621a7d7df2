import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, it } from 'vitest';
import { collectAll } from '../../../../responders/evidence/collecting.ts';
import { noClocks } from '../../../../responders/incident/case.ts';
import { lookBackOf } from '../../../../responders/incident/look-back.ts';
import { aCase, accepted } from '../../../support/fakes/sources.ts';
import { named, setting } from '../../../support/responders/evidence/setting.ts';

const activity = accepted - 5_000;

const firstRead = async (drill: boolean): Promise<number | undefined> => {
  const { deps, logs } = setting();
  const clocks = { ...noClocks(), accepted, activity };
  await collectAll(aCase({ drill, clocks }), named('collect.log-events'), deps);
  const starts = logs
    .commandCalls(FilterLogEventsCommand)
    .map(({ args: [{ input }] }) => input.startTime ?? 0);
  return Math.min(...starts);
};

it('log events of a real incident begin a day earlier, those of a drill with its activity', async () => {
  const day = lookBackOf({ drill: false });

  expect(day).toBe(24 * 60 * 60_000);
  expect(await firstRead(true)).toBe(activity);
  expect(await firstRead(false)).toBeLessThanOrEqual(activity - day);
});
