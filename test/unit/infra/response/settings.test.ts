import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../infra/config.ts';
import { outOfReach, settingsOf } from '../../../../infra/response/settings.ts';
import { alwaysExempt } from '../../../../responders/decide/never-contain.ts';

const always = ['cordon/*', 'aws-reserved/*', 'aws-service-role/*'];
const pathOf = (arn: string): string => arn.replace(/.*?:role\//, '');
const denied = (config: unknown, releases = false): string[] =>
  outOfReach(parseConfig(config), [], { releases }).roles.map(pathOf);

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
    const { roles } = outOfReach(parseConfig({}), [], { releases: false });
    expect(roles.filter((arn) => /\$\{(partition|account)\}/.test(arn))).toEqual([]);
  });
});

it('the responders carry what is always exempt in their code, not in their variables', () => {
  const { neverContain } = settingsOf(parseConfig({}));
  const always = alwaysExempt.map(({ arn }) => pathOf(arn));
  expect(
    neverContain.map(({ arn }) => pathOf(arn)).filter((path) => always.includes(path)),
  ).toEqual([]);
});
