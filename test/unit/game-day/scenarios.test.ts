import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandAndControl, credentialExfiltration } from '../../../game-day/findings.ts';
import { scenarios } from '../../../game-day/scenarios.ts';
import { parseFinding } from '../../../responders/finding/finding.ts';
import { identify } from '../../../responders/finding/identify.ts';

const where = {
  account: '111122223333',
  region: 'eu-west-1',
  at: new Date('2026-11-21T10:00:00Z'),
};
const beacon = () =>
  commandAndControl({
    ...where,
    functionName: 'orders',
    functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:orders',
    roleArn: 'arn:aws:iam::111122223333:role/shop/orders-role',
  });
const theft = () =>
  credentialExfiltration({
    ...where,
    accessKeyId: 'ASIA1',
    roleId: 'AROAEXAMPLEEXAMPLE12',
    roleName: 'orders-role',
    functionName: 'orders',
  });

it('lists every file of scenarios/', () => {
  const files = globSync('game-day/scenarios/*.ts').map((file) =>
    file.replace(/.*\/(.*)\.ts$/, '$1'),
  );
  expect(scenarios.map(({ id }) => id).sort()).toEqual(files.sort());
});

describe.each(scenarios.map((one) => [one.id, one] as const))(
  '%s',
  (id, { title, story, steps, techniques, checks, responders }) => {
    it('lives where its id says, and tells what it does', () => {
      expect(existsSync(`game-day/scenarios/${id}.ts`)).toBe(true);
      expect(title.length).toBeGreaterThan(10);
      expect(story.split(/\. |\.$/).filter(Boolean).length).toBeGreaterThanOrEqual(3);
      expect(steps.length).toBeGreaterThanOrEqual(3);
    });

    it('maps to techniques, contains by responders that exist, and is judged', () => {
      expect(
        techniques.every((one) => /^T\d{4}(\.\d{3})?$/.test(one.id) && one.name.length > 3),
      ).toBe(true);
      expect(
        responders.every((one) =>
          existsSync(`responders/${one.replace('contain.', 'contain/actions/')}.ts`),
        ),
      ).toBe(true);
      expect(checks.length).toBeGreaterThan(10);
    });
  },
);

it('injects findings that the door reads and that name their workload', () => {
  const roleName = 'orders-role';
  expect(identify(parseFinding({ detail: beacon() }, true))).toMatchObject({
    named: { functionName: 'orders', roleName },
  });
  expect(identify(parseFinding({ detail: theft() }, true))).toMatchObject({
    named: { sessionName: 'orders', roleName, claimed: { roleId: 'AROAEXAMPLEEXAMPLE12' } },
  });
});

it('makes a new finding every time', () => {
  expect(beacon().id).not.toBe(beacon().id);
});

/** The names of all members, at any depth. */
const members = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => [
        `${path}${key}`,
        ...members(inner, `${path}${key}.`),
      ])
    : [];

it.each([
  ['lambda-c2', beacon],
  ['credential-exfiltration', theft],
])('injects findings of the shape of %s', (name, make) => {
  const recorded: unknown = JSON.parse(
    readFileSync(`test/support/fixtures/guardduty/${name}.json`, 'utf8'),
  );
  const real = new Set(members(recorded).map((path) => path.replace(/^detail\./, '')));
  expect(members(make()).filter((path) => !real.has(path))).toEqual([]);
});
