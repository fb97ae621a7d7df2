import { expect, it } from 'vitest';
import { parseConfig } from '../../../infra/config.ts';
import { entryWarnings } from '../../../infra/response/entry-warnings.ts';
import { outOfReach, settingsOf } from '../../../infra/response/settings.ts';
import { rule } from '../../../responders/decide/policy.ts';
import { someSettings } from '../../support/fakes/deps.ts';
import { inputOf } from '../../support/responders/decide/input.ts';

const arn = 'arn:aws:iam::111122223333:role/break-glass';
const because = 'the way back in';
const entry = { arn, because, owner: 'anna', until: '2026-12-31' };
const noise = { type: 'Recon:EC2/*', because: 'a load test', owner: 'anna', until: '2026-12-31' };
const everything = /a type, an arn or a tag: a suppression of everything would make Cordon blind/;

it.each([
  [{ neverContain: [{ because }] }, /neverContain\[0\]: wanted an arn, a tag or an account/],
  [{ neverContain: [{ ...entry, arn: 'arn:aws:iam::*:role/*' }] }, /\* allowed, but not alone/],
  [{ neverContain: [{ ...entry, reason: 'x' }] }, /\.reason: wanted one of the options arn/],
  [{ neverContain: [{ ...entry, account: '1' }] }, /a 12-digit account id/],
  [{ neverContain: [{ ...entry, tag: 'payments' }] }, /a tag such as team=payments/],
  [{ neverContain: [{ ...entry, until: '2026-02-30' }] }, /a day such as 2026-12-31/],
  [{ neverContain: [{ ...entry, until: '2026-12-31T18:00' }] }, /a time with its zone/],
  [{ suppressions: [{ ...noise, owner: undefined }] }, /owner: wanted the person or team/],
  [{ suppressions: [{ ...noise, until: undefined }] }, /until: wanted a day/],
  [{ suppressions: [{ ...noise, type: 'Recon' }] }, /type: wanted a finding type or a family/],
  [{ suppressions: [{ ...noise, type: undefined }] }, everything],
  [{ suppressions: [{ ...noise, type: '*' }] }, everything],
  [{ suppressions: [{ ...noise, type: '*', account: '111122223333' }] }, everything],
  [{ suppressions: [{ ...noise, type: undefined, account: '111122223333' }] }, everything],
  [{ suppressions: [{ ...noise, type: '*:*' }] }, /\.type: wanted a finding type or a family/],
  [
    { suppressions: [{ ...noise, type: undefined, arn: 'arn:aws:lambda:*:*:function:*' }] },
    /arn: wanted .*\* allowed, but not alone/,
  ],
  [{ observe: 'all' }, /observe: wanted/],
  [{ observe: { types: ['Trojan'] } }, /observe\.types\[0\]: wanted a finding type/],
  [{ observe: { tag: [] } }, /observe\.tag: wanted one of the options types, tags/],
  [{ findingTypes: [{ type: 'Trojan:EC2/*', contain: 11 }] }, /contain: wanted a number from 0/],
  [{ findingTypes: [{ type: 'Trojan:EC2/*', tell: 'never' }] }, /tell: wanted a number from 0/],
  [
    { findingTypes: ['never', 4].map((contain) => ({ type: 'Trojan:EC2/*', contain })) },
    /findingTypes: wanted one row for each type or family/,
  ],
  [
    { findingTypes: [{ type: 'Trojan:EC2/*', contain: 4, ask: 7 }] },
    /findingTypes: wanted rows that tell before they ask, and ask before they contain/,
  ],
])('refuses %j', (config, message) => {
  expect(() => parseConfig(config)).toThrow(message);
});

it.each([
  ['2026-12-31', 'Europe/Berlin', '2026-12-31T23:00:00.000Z'],
  ['2026-12-31', 'America/New_York', '2027-01-01T05:00:00.000Z'],
  ['2026-12-31', 'Pacific/Auckland', '2026-12-31T11:00:00.000Z'],
  ['2026-12-31', 'UTC', '2027-01-01T00:00:00.000Z'],
  // The clock goes back on this day in Berlin, and forward on that one in New York.
  ['2026-10-25', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-03-08', 'America/New_York', '2026-03-09T04:00:00.000Z'],
  ['2026-12-31T18:00+01:00', 'America/New_York', '2026-12-31T17:00:00.000Z'],
])('an entry until %s, with the zone %s, ends at %s', (until, zone, moment) => {
  const { neverContain } = settingsOf(parseConfig({ zone, neverContain: [{ ...entry, until }] }));
  expect(neverContain.map((of) => new Date(of.until ?? 0).toISOString())).toEqual([moment]);
});

it.each([
  // It is 10:00:07 UTC on 21 November, when the 21st in Auckland has an hour to go.
  ['2026-11-21', 'Pacific/Auckland', 'notify'],
  ['2026-11-20', 'Pacific/Auckland', 'contain'],
  // The 20th is over in Honolulu for seven seconds.
  ['2026-11-20', 'Pacific/Honolulu', 'contain'],
  ['2026-11-21', 'Pacific/Honolulu', 'notify'],
])('an exemption until %s counts by the day of %s: %s', (until, zone, kind) => {
  const ours = 'arn:aws:lambda:*:*:function:orders';
  const given = parseConfig({ zone, neverContain: [{ ...entry, arn: ours, until }] });
  const settings = someSettings({ neverContain: settingsOf(given).neverContain });
  expect(rule(inputOf(undefined, { settings })).decision.kind).toBe(kind);
});

it('IAM denies an exempt role until its exemption ends, and no longer', () => {
  const config = parseConfig({ neverContain: [entry, { arn: `${arn}-2`, because }] });
  const parts = outOfReach(config, [], { releases: false });
  expect(parts.map(({ until }) => until)).toEqual([undefined, '2027-01-01T00:00:00.000Z']);
  expect(parts[1]?.roles).toEqual([arn]);
  expect(parts[0]?.roles).toContain(`${arn}-2`);
  expect(parts[0]?.roles).not.toContain(arn);
});

it('synth warns about entries that have ended, and about exemptions without owner or end', () => {
  const config = parseConfig({
    neverContain: [entry, { arn: `${arn}-2`, because }, { ...entry, tag: 'a=b', owner: undefined }],
    suppressions: [noise],
  });
  const warnings = (now: string) =>
    entryWarnings(config, Date.parse(now)).map(({ warning }) => warning);
  const incomplete = [
    `neverContain: ${arn}-2 has no owner: add "owner" and "until"`,
    `neverContain: ${arn} and a=b has no owner: add "owner" and "until"`,
  ];
  expect(warnings('2026-12-31T23:59:59Z')).toEqual(incomplete);
  expect(warnings('2027-01-01T00:00:00Z')).toEqual([
    `neverContain: ${arn} ended 2026-12-31: it does not count any more`,
    ...incomplete,
    `neverContain: ${arn} and a=b ended 2026-12-31: it does not count any more`,
    'suppressions: Recon:EC2/* ended 2026-12-31: it does not count any more',
  ]);
  expect(entryWarnings(parseConfig({}), Date.now())).toEqual([]);
});

it('the older name of observing everything still means it', () => {
  const observed = (config: unknown) => settingsOf(parseConfig(config)).observe;
  const everywhere = { everything: true, types: [], tags: [] };
  expect(observed({ dryRun: true })).toEqual(everywhere);
  expect(observed({ observe: 'everything' })).toEqual(everywhere);
  expect(observed({ dryRun: true, observe: { types: ['Trojan:EC2/*'] } }).everything).toBe(true);
  expect(observed({ dryRun: false, observe: { types: ['Trojan:EC2/*'] } })).toEqual({
    everything: false,
    types: ['Trojan:EC2/*'],
    tags: [],
  });
});
