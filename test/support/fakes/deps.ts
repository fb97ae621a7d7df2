import { catalog } from '../../../responders/contain/catalogue.ts';
import type { ContainDeps } from '../../../responders/contain/judge.ts';
import type { Settings } from '../../../responders/decide/settings.ts';
import { accountId, fakeAccount, region, type World } from './account.ts';
import { fakeTable } from './case-table.ts';

export const someSettings = (over: Partial<Settings> = {}): Settings => ({
  account: accountId,
  region,
  partition: 'aws',
  minSeverity: 4,
  breaker: { limit: 10, minutes: 60 },
  onTimeout: 'leave',
  approvalMinutes: 30,
  dryRun: false,
  neverContain: [],
  holdMinutes: 60,
  lagSeconds: { real: 900, drill: 5 },
  zone: 'UTC',
  salt: 'salt',
  ...over,
});

/** An account, a case table and a clock, all of which remember. */
export const fakeDeps = (world?: World, over: Partial<Settings> = {}) => {
  const account = fakeAccount(world);
  const cases = fakeTable();
  const clock = { at: Date.parse('2026-11-21T10:00:07Z') };
  const lines: string[] = [];
  const deps: ContainDeps = {
    aws: account.aws,
    table: cases.table,
    settings: someSettings(over),
    catalog,
    now: () => {
      clock.at += 1;
      return clock.at;
    },
    log: (message, fields) => void lines.push(JSON.stringify({ message, ...fields })),
  };
  return { deps, account, cases, clock, lines };
};
