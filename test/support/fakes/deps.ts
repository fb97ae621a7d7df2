import { catalog } from '../../../responders/contain/catalogue.ts';
import type { JudgeDeps } from '../../../responders/contain/judge.ts';
import type { WatchDeps } from '../../../responders/contain/sharing.ts';
import type { Settings } from '../../../responders/decide/settings.ts';
import { accountId, fakeAccount, region, type World } from './account.ts';
import { fakeTable } from './case-table.ts';
import { fakeMacs } from './macs.ts';
import { fakeSts } from './sts.ts';

export const someSettings = (over: Partial<Settings> = {}): Settings => ({
  account: accountId,
  region,
  furtherRegions: [],
  partition: 'aws',
  minSeverity: 4,
  findingTypes: [],
  breaker: { limit: 10, limitOfType: 10, minutes: 60 },
  suspectLimit: 5,
  onTimeout: 'leave',
  approvalMinutes: 30,
  twoPersons: 'never',
  approvers: [],
  consoleRoles: [],
  consoleOrigin: '',
  observe: { everything: false, types: [], tags: [] },
  neverContain: [],
  suppressions: [],
  criticalTier: [],
  holdMinutes: 60,
  lagSeconds: { real: 900, drill: 5 },
  zone: 'UTC',
  salt: 'salt',
  ...over,
});

/** An account, a case table and a clock, all of which remember. Every finding is believed. */
export const fakeDeps = (world?: World, over: Partial<Settings> = {}) => {
  const account = fakeAccount(world, over.furtherRegions);
  const cases = fakeTable();
  const clock = { at: Date.parse('2026-11-21T10:00:07Z') };
  const lines: string[] = [];
  /** What CloudTrail has recorded. */
  const changes: { readonly eventName: string }[] = [];
  const { checkProof, prove } = fakeMacs(() => clock.at);
  const deps: JudgeDeps & WatchDeps = {
    aws: account.aws,
    table: cases.table,
    settings: someSettings(over),
    catalog,
    provenanceOf: async (finding) => ({ is: 'believed', finding }),
    now: () => {
      clock.at += 1;
      return clock.at;
    },
    log: (message, fields) => void lines.push(JSON.stringify({ message, ...fields })),
    readChanges: async (names) => changes.filter(({ eventName }) => names.includes(eventName)),
    readRadius: async () => ({ roleUsers: [], backlog: [], invocations: [] }),
    checkProof,
    whoSigned: fakeSts,
  };
  return { deps, account, cases, clock, lines, prove, changes };
};
