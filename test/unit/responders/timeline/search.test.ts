import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { bounds } from '../../../../responders/timeline/bounds.ts';
import { lookUpAll } from '../../../../responders/timeline/lookup.ts';
import { search } from '../../../../responders/timeline/search.ts';
import {
  account,
  type Made,
  record,
  session,
  start,
} from '../../../support/responders/timeline/records.ts';

/** A user and a key for it, made by somebody. */
const makes = (name: string, by: Made): readonly Made[] => [
  {
    ...by,
    service: 'iam',
    name: 'CreateAccessKey',
    reads: false,
    parameters: { userName: name },
    answer: { accessKey: { accessKeyId: `AKIA${name}` } },
  },
];
const as = (name: string): Made => ({ user: name, key: `AKIA${name}` });

/** A trail that answers who is asked about by key, and the session's calls otherwise. */
const trail = (calls: readonly Made[]) => {
  const client = new AthenaClient({ region: 'eu-west-1' });
  const asked: string[] = [];
  const names = [
    'eventid',
    'eventtime',
    'eventsource',
    'eventname',
    'recipientaccountid',
    'requestparameters',
    'responseelements',
  ];
  const who = [
    'identity_type',
    'identity_arn',
    'identity_account',
    'identity_key',
    'issuer_type',
    'issuer_arn',
  ];
  const rowOf = (made: Made) => {
    const { userIdentity: one, ...rest } = record(made);
    const issuer = one.sessionContext?.sessionIssuer;
    const values = [
      rest.eventID,
      rest.eventTime,
      rest.eventSource,
      rest.eventName,
      rest.recipientAccountId,
    ];
    const texts = [JSON.stringify(rest.requestParameters), JSON.stringify(rest.responseElements)];
    return [
      ...values,
      ...texts,
      one.type,
      one.arn,
      one.accountId,
      one.accessKeyId,
      issuer?.type ?? '',
      issuer?.arn ?? '',
    ];
  };
  mockClient(client)
    .on(StartQueryExecutionCommand)
    .callsFake(({ QueryString, ExecutionParameters }) => {
      asked.push(`${QueryString} ${ExecutionParameters}`);
      return { QueryExecutionId: String(asked.length - 1) };
    })
    .on(GetQueryExecutionCommand)
    .resolves({ QueryExecution: { Status: { State: 'SUCCEEDED' } } })
    .on(GetQueryResultsCommand)
    .callsFake(({ QueryExecutionId }) => {
      const question = asked[Number(QueryExecutionId)] ?? '';
      const found = question.includes('max(eventtime)')
        ? []
        : calls.filter((made) => question.includes(`'${made.key ?? session}'`));
      const rows = [[...names, ...who], ...found.map(rowOf)];
      return {
        ResultSet: {
          Rows: rows.map((row) => ({ Data: row.map((VarCharValue) => ({ VarCharValue })) })),
        },
      };
    });
  return {
    client,
    workgroup: 'w',
    database: 'cordon',
    now: Date.now,
    sleep: async () => undefined,
  };
};

const at = bounds({
  accounts: [account],
  regions: ['eu-west-1'],
  from: '2026-11-21T09:00:00Z',
  to: '2026-11-21T11:00:00Z',
});
const ask = (calls: readonly Made[]) =>
  search(start(), {
    athena: trail(calls),
    table: { database: 'cordon', name: 'cloudtrail' },
    at,
    about: new Set(),
    occasion: 'o',
    deadline: Date.now() + 60_000,
    moments: [],
  });

it('follows what was made and what those made, and says so where somebody is left that nobody asked about', async () => {
  const two = [...makes('one', {}), ...makes('two', as('one'))];
  const followed = await ask(two);
  expect(followed.calls.map(({ caller }) => caller.key)).toEqual(['ASIASUSPECT', 'AKIAone']);
  expect(followed.asked.map(({ state }) => state)).toEqual([
    'complete',
    'complete',
    'complete',
    'complete',
    'complete',
  ]);

  const { circle, asked } = await ask([...two, ...makes('three', as('two')), { ...as('three') }]);

  expect(circle.followed.map(({ who }) => who)).toContain('AKIAthree');
  expect(asked.filter(({ state }) => state !== 'complete')).toEqual([
    expect.objectContaining({
      source: 'Athena',
      state: 'cut off',
      why: expect.stringMatching(/^1 .* their calls were not read/),
    }),
  ]);
});

it('the event history says how many keys it was not asked about', async () => {
  const cloudtrail = new CloudTrailClient({ region: 'eu-west-1' });
  const calls = Array.from({ length: 9 }, (_, index) => makes(`u${index}`, {})).flat();
  const Events = calls.map((made) => ({ CloudTrailEvent: JSON.stringify(record(made)) }));
  mockClient(cloudtrail)
    .on(LookupEventsCommand)
    .resolves({ Events: [] })
    .on(LookupEventsCommand, {
      LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'orders' }],
    })
    .resolves({ Events });
  const { from, to } = at;

  const { asked } = await lookUpAll(
    start(),
    { suspects: ['orders'], own: [] },
    {
      cloudtrail,
      sleep: async () => undefined,
      from,
      to,
    },
  );

  expect(asked.filter(({ state }) => state === 'complete')).toHaveLength(7);
  expect(asked.filter(({ state }) => state !== 'complete')).toEqual([
    expect.objectContaining({
      source: 'LookupEvents',
      state: 'cut off',
      why: expect.stringMatching(/^3 .* their calls were not read/),
    }),
  ]);
});
