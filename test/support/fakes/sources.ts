import { Readable } from 'node:stream';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import type { Sources } from '../../../responders/evidence/collector.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { noClocks } from '../../../responders/incident/case.ts';
import { accountId, fakeAccount, region, type World } from './account.ts';
import { lambdaFinding } from './findings.ts';

export const accepted = Date.parse('2026-11-21T10:00:07Z');

/** A contained incident about the function `orders`. */
export const aCase = (
  over: Partial<Case['head']> = {},
  raw = JSON.stringify(lambdaFinding()),
): Case => ({
  head: {
    id: 'inc-20261121-7f3k2m8q',
    state: 'contained',
    drill: false,
    round: 1,
    execution: 'e',
    openedAt: '2026-11-21T10:00:06.000Z',
    finding: {
      id: 'f1',
      type: 'Backdoor:Lambda/C&CActivity.B',
      severity: 8,
      title: 'A title',
      account: accountId,
      region,
      updatedAt: 1,
      revisions: 1,
    },
    suspect: { kind: 'function', functionName: 'orders', roleName: 'orders-role', sharing: 'sole' },
    decision: { kind: 'contain', reason: 'severity 8' },
    clocks: { ...noClocks(), accepted },
    release: null,
    ...over,
  },
  findings: [{ updatedAt: 1, raw }],
  befores: [],
  actions: [],
  stages: [],
  earlierStages: [],
  mails: [],
  drifts: [],
});

/**
 * The fake account with logs and a trail that are empty, and links that lead to what the test says.
 */
export const fakeSources = (
  world?: World,
  follow: Sources['follow'] = () => Promise.reject(new Error('no link')),
) => {
  const account = fakeAccount(world);
  const logs = new CloudWatchLogsClient({ region });
  const cloudtrail = new CloudTrailClient({ region });
  const logMock = mockClient(logs);
  logMock.on(FilterLogEventsCommand).resolves({ events: [] });
  mockClient(cloudtrail).on(LookupEventsCommand).resolves({ Events: [] });
  const sources: Sources = {
    region,
    lambda: account.aws.lambda,
    iam: account.aws.iam,
    logs,
    cloudtrail,
    quarantine: account.aws.quarantine,
    follow,
    salt: 'a-salt',
    now: () => accepted + 1_000,
  };
  return { sources, account, logs: logMock };
};

export const bodyOf = (bytes: Uint8Array) => ({
  body: Readable.from([Buffer.from(bytes)]),
  bytes: bytes.length,
});
