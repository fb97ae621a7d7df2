import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systems } from '../../../../infra/systems.ts';
import { texts } from '../../../support/infra/shared.ts';
import { at, type Json, listAt, synthesise } from '../../../support/infra/synthesised.ts';
import { keysOfIam, overReserved, rules } from '../../../support/infra/truth.ts';
import { unboundUploads } from '../../../support/infra/truth-uploads.ts';

const byDefault: readonly Json[] = texts.map((text) => JSON.parse(text));
/** With every option that adds resources, with every system, and as a second deployment. */
const complete: readonly Json[] = synthesise({
  furtherRegions: ['eu-central-1'],
  channels: { webhook: true },
  evidence: { legalHold: true },
  policySuffix: '-eu',
}).texts.map((text) => JSON.parse(text));
const templates = [...byDefault, ...complete];

/** No service delivers to the folder of custody: only the function of the bucket writes there. */
const meant = /^Evidence(Drill)?BucketPolicy\w+: OnlyItsFunctionWritesCustody$/;

it('there are templates to look at', () => {
  expect(byDefault).toHaveLength(4 + systems.length);
  expect(complete).toHaveLength(byDefault.length + 1);
  for (const template of templates) expect(at(template, 'Resources')).toBeDefined();
});

describe('in every template', () => {
  it.each(rules.map(({ says, look }) => [says, look] as const))('%s', (_says, look) => {
    expect(templates.flatMap(look).filter((problem) => !meant.test(problem))).toEqual([]);
  });

  it('no key lets policies of IAM decide alone who uses it', () => {
    expect(templates.flatMap(keysOfIam)).toEqual([]);
  });
});

/** Properties that name a resource for all regions of an account. */
const namesOfAccounts: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudFront::OriginAccessControl': ['OriginAccessControlConfig', 'Name'],
  'AWS::CloudFront::ResponseHeadersPolicy': ['ResponseHeadersPolicyConfig', 'Name'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName'],
  'AWS::IAM::Role': ['RoleName'],
};

it('a second deployment of an account has its suffix in every name that is not of a region', () => {
  const names = complete
    .flatMap((template) => Object.values(at(template, 'Resources') ?? {}))
    .flatMap((resource) => {
      const path = namesOfAccounts[String(at(resource, 'Type'))];
      return path ? listAt(resource, 'Properties', ...path) : [];
    });
  expect(names).toContain('cordon-audit-eu');
  expect(names.filter((name) => !JSON.stringify(name).includes('-eu'))).toEqual([]);
});

it('all stacks of an account together leave executions to others', () => {
  expect(overReserved(byDefault)).toEqual([]);
  expect(overReserved(complete)).toEqual([]);
});

it('an address for uploads signs type, length and checksum as headers', () => {
  const sources = globSync('{protected-app,console,operator,responders}/**/*.ts').filter(
    (file) => !file.includes('node_modules'),
  );
  expect(sources.length).toBeGreaterThan(100);
  const problems = sources.flatMap((file) =>
    unboundUploads(readFileSync(file, 'utf8')).map((word) => `${file}: ${word}`),
  );
  expect(problems).toEqual([]);
});
