import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../infra/config.ts';
import { outOfReach, settingsOf } from '../../../../infra/response/settings.ts';
import { denials } from '../../../../infra/shared/grants.ts';
import { alwaysExempt } from '../../../../responders/decide/never-contain.ts';

const always = ['cordon/*', 'aws-reserved/*', 'aws-service-role/*'];
const pathOf = (arn: string): string => arn.replace(/.*?:role\//, '');
const denied = (config: unknown, releases = false): string[] =>
  outOfReach(parseConfig(config), [], { releases })
    .filter(({ until }) => until === undefined)
    .flatMap(({ roles }) => roles.map(pathOf));

describe('IAM denies the responders', () => {
  it('the roles of the list, and always those of Cordon and AWS', () => {
    expect(denied({})).toEqual([
      'OrganizationAccountAccessRole',
      'AWSControlTower*',
      'cdk-*',
      ...always,
    ]);
  });

  it('Cordon’s and AWS’s roles also when the list is replaced', () => {
    const neverContain = [
      { arn: 'arn:aws:iam::111122223333:role/admin', because: 'our break-glass role' },
    ];
    expect(denied({ neverContain })).toEqual(['admin', ...always]);
    expect(denied({ neverContain }, true)).toEqual(always);
  });

  it('those of this account, with nothing left to fill in', () => {
    const parts = outOfReach(parseConfig({}), [], { releases: false });
    const roles = parts.flatMap((part) => part.roles);
    expect(roles.filter((arn) => /\$\{(partition|account)\}/.test(arn))).toEqual([]);
  });
});

it.each([
  [{}, ''],
  [{ console: { origin: 'https://cordon.example.org' } }, 'https://cordon.example.org'],
  [{ console: { origin: 'https://cordon.example.org', deploy: false } }, ''],
])(
  'mails link to the console where the configuration names it and deploys it: %j',
  (config, origin) => {
    expect(settingsOf(parseConfig(config)).consoleOrigin).toBe(origin);
  },
);

it('the responders carry what is always exempt in their code, not in their variables', () => {
  const { neverContain } = settingsOf(parseConfig({}));
  const always = alwaysExempt.map(({ arn }) => pathOf(arn));
  expect(
    neverContain.map(({ arn = '' }) => pathOf(arn)).filter((path) => always.includes(path)),
  ).toEqual([]);
});

it('IAM denies the responders the users of the list, and a release may still reach them', () => {
  const [arn, account] = ['arn:${partition}:iam::${account}:user/break-glass', '111122223333'];
  const neverContain = [{ arn, because: 'our way back in' }];
  const users = (releases: boolean) =>
    outOfReach(parseConfig({ neverContain }), [], { releases }).flatMap((part) =>
      part.users.map(pathOf),
    );
  expect(users(false)).toEqual([expect.stringMatching(/:user\/break-glass$/)]);
  expect(users(true)).toEqual([]);

  const attaching = [{ on: 'iam:user/*', may: ['AttachUserPolicy', 'ListAccessKeys'] }] as const;
  const reach = { roles: [], functions: [], users: [`arn:aws:iam::${account}:user/break-glass`] };
  expect(denials(attaching, reach).map((denial) => denial.toStatementJson())).toEqual([
    {
      Effect: 'Deny',
      Action: 'iam:AttachUserPolicy',
      Resource: `arn:aws:iam::${account}:user/break-glass`,
    },
  ]);
  expect(denials(attaching, { ...reach, users: [] })).toEqual([]);
});
