import { describe, expect, it } from 'vitest';
import {
  at,
  lines,
  listAt,
  ofType,
  one,
  responseWith,
} from '../../../support/infra/synthesised.ts';

describe('an organisation’s trail by configuration', () => {
  const keyArn = 'arn:aws:kms:us-east-1:444455556666:key/k';
  const trail = {
    bucketName: 'org-trail',
    prefix: 'logs',
    organisationId: 'o-abcdefghij',
    keyArn,
    accounts: ['444455556666', '777788889999'],
  };
  const stack = responseWith({
    trail,
    regions: ['eu-west-1', 'us-east-1'],
  });

  it('makes no trail and no bucket for one', () => {
    expect(ofType(stack, 'AWS::CloudTrail::Trail')).toEqual([]);
    expect(ofType(stack, 'AWS::S3::Bucket').filter(({ id }) => id.startsWith('TrailOwn'))).toEqual(
      [],
    );
  });

  it(
    'lays the table over the organisation’s folders: this account and those that were named, ' +
      'and no other',
    () => {
      const parameters = at(one(stack, 'AWS::Glue::Table').properties, 'TableInput', 'Parameters');

      expect(at(parameters, 'projection.account.type')).toBe('enum');
      expect(at(parameters, 'projection.account.values')).toBe(
        '<AWS::AccountId>,444455556666,777788889999',
      );
      expect(at(parameters, 'projection.region.values')).toBe('eu-west-1,us-east-1');
      expect(at(parameters, 'storage.location.template')).toBe(
        's3://org-trail/logs/AWSLogs/o-abcdefghij/${account}/CloudTrail/${region}/${day}',
      );
    },
  );

  it('lets the timeline, and nobody else, read that bucket and its key', () => {
    const readers = ofType(stack, 'AWS::IAM::Role').filter(({ properties }) =>
      JSON.stringify(properties).includes('org-trail'),
    );

    expect(readers.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^RespondersTimelineAnalysisLambdaRole/),
    ]);
    const policies = listAt(readers[0]?.properties, 'Policies');
    const granted = policies.flatMap((policy) =>
      lines(listAt(policy, 'PolicyDocument', 'Statement')),
    );
    const about = (what: string) => granted.filter((line) => line.includes(what));
    expect(about('org-trail').length).toBeGreaterThan(0);
    expect(about('org-trail').every((line) => /^Allow s3:(Get|List)/.test(line))).toBe(true);
    expect(about(keyArn).map((line) => line.split(' ').slice(0, 3))).toEqual([
      ['Allow', 'kms:Decrypt', keyArn],
    ]);
  });

  it('is searched in all of these accounts', () => {
    const lambda = one(
      stack,
      'AWS::Lambda::Function',
      /^RespondersTimelineAnalysisLambda/,
    ).properties;

    expect(JSON.stringify(at(lambda, 'Environment', 'Variables'))).toContain('444455556666');
    expect(JSON.stringify(at(lambda, 'Environment', 'Variables'))).toContain('777788889999');
  });
});
