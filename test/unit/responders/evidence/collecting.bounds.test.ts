import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { AccessDeniedException } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListAliasesCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { collectAll } from '../../../../responders/evidence/collecting.ts';
import { aCase } from '../../../support/fakes/sources.ts';
import { folder, named, setting } from '../../../support/responders/evidence/setting.ts';

const denied = new AccessDeniedException({ message: 'no', $metadata: {} });

it('a thousand aliases: the list of what was stored stays fit for one item of the table', async () => {
  const { deps, account, bucket } = setting();
  const aliases = Array.from({ length: 1_000 }, (_none, n) => ({
    Name: `a${n}`,
    FunctionVersion: '1',
  }));
  account.lambda.on(ListAliasesCommand).resolves({ Aliases: aliases });
  account.lambda.on(GetPolicyCommand).resolves({ Policy: '{}' });
  account.lambda.on(GetProvisionedConcurrencyConfigCommand).resolves({});
  const { entries, gaps } = await collectAll(
    aCase(),
    named('collect.function-settings', 'collect.versions-and-aliases'),
    deps,
  );

  expect(entries.length).toBeLessThan(150);
  expect(gaps.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['resource policies of 950 aliases', 'what 950 aliases keep warm']),
  );
  expect(bucket.objects.get(`${folder}function/aliases.json`)?.body.toString()).toContain('"a999"');
});

describe('what could not be read is said, and what was read is kept', () => {
  it('aliases, whose policies are missing then', async () => {
    const { deps, account } = setting();
    account.lambda.on(ListAliasesCommand).rejects(denied);
    const { gaps } = await collectAll(aCase(), named('collect.function-settings'), deps);

    expect(gaps).toContainEqual({
      collector: 'collect.function-settings',
      what: 'resource policies of aliases',
      why: 'AccessDeniedException: no',
    });
  });

  it('where the function writes its log', async () => {
    const { deps, account } = setting();
    account.lambda.on(GetFunctionConfigurationCommand).rejects(denied);
    const { gaps } = await collectAll(aCase(), named('collect.log-events'), deps);

    expect(gaps).toContainEqual({
      collector: 'collect.log-events',
      what: 'where the function writes its log',
      why: 'AccessDeniedException: no; /aws/lambda/orders, where functions usually write, was read instead',
    });
  });

  it('records of CloudTrail, until it stopped answering', async () => {
    const { deps, bucket } = setting();
    mockClient(deps.sourcesFor(null).cloudtrail)
      .on(LookupEventsCommand)
      .callsFake(({ NextToken }) => {
        if (NextToken)
          throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
        return {
          Events: [{ CloudTrailEvent: '{"eventID":"1"}' }],
          NextToken: 'more',
          $metadata: {},
        };
      });
    const { gaps } = await collectAll(aCase(), named('collect.cloudtrail'), deps);

    expect(bucket.objects.get(`${folder}cloudtrail/by-session.jsonl`)?.body.toString()).toBe(
      '{"eventID":"1"}\n',
    );
    expect(gaps).toContainEqual({
      collector: 'collect.cloudtrail',
      kind: 'incomplete',
      what: 'CloudTrail records by-session',
      why: 'only the newest 1 are here: ThrottlingException: Rate exceeded',
    });
  });
});
