import { describe, expect, it } from 'vitest';
import { radiusReader } from '../../../../responders/contain/blast-radius.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import {
  approvalLines,
  askedHead,
  decisionFacts,
} from '../../../../responders/report/question-words.ts';
import type { CallService, JsonCall } from '../../../../responders/shared/signed-json.ts';
import {
  aFunction,
  aRole,
  aWorld,
  type FakeFunction,
  fakeAccount,
  region,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const now = Date.parse('2026-11-21T10:00:07Z');
const orders = {
  kind: 'function',
  functionName: 'orders',
  roleName: 'orders-role',
  sharing: 'shared',
} as const;

const answers: Readonly<Record<string, unknown>> = {
  'AmazonSQS.GetQueueAttributes': { Attributes: { ApproximateNumberOfMessages: '53' } },
  'GraniteServiceVersion20100801.GetMetricStatistics': { Datapoints: [{ Sum: 1204 }] },
};

const reading = (
  answer: (call: JsonCall) => unknown = ({ target = '' }) => answers[target],
  settings?: FakeFunction['settings'],
) => {
  const sent: (JsonCall & { readonly to: string })[] = [];
  const trust = JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  });
  const mappings = new Map([
    ['on', 'Enabled'],
    ['off', 'Disabled'],
  ]);
  const { aws } = fakeAccount(
    aWorld({
      roles: new Map([['orders-role', aRole({ trust })]]),
      functions: new Map([
        ['orders', aFunction({ mappings, ...(settings && { settings }) })],
        ['refunds', aFunction()],
      ]),
    }),
  );
  const callIn =
    (service: string, place: string): CallService =>
    async (call) => {
      sent.push({ ...call, to: `${service} in ${place}` });
      return answer(call);
    };
  return { sent, read: radiusReader({ aws, region, callIn, now: () => now }) };
};

describe('what a containment would touch', () => {
  it('is who else uses the role, what waits in queues, and the calls of the last hour', async () => {
    const { read, sent } = reading();
    expect(await read([orders])).toEqual({
      roleUsers: [
        'function refunds runs with role orders-role',
        'ec2.amazonaws.com may take role orders-role',
      ],
      backlog: [{ queue: 'queue-on', messages: 53 }],
      invocations: [{ functionName: 'orders', lastHour: 1204 }],
      goesOn: [],
    });
    expect(sent.map(({ to }) => to).sort()).toEqual([
      `monitoring in ${region}`,
      `sqs in ${region}`,
    ]);
    expect(sent.find(({ to }) => to.startsWith('monitoring'))?.body).toMatchObject({
      StartTime: now / 1000 - 3600,
      EndTime: now / 1000,
      Dimensions: [{ Name: 'FunctionName', Value: 'orders' }],
    });
  });

  it('is null for each part that could not be read, and the others are told', async () => {
    const { read } = reading(({ target = '' }) => {
      if (target.startsWith('AmazonSQS')) throw new Error('AccessDenied');
      return answers[target];
    });
    expect(await read([orders])).toMatchObject({
      backlog: null,
      invocations: [{ functionName: 'orders', lastHour: 1204 }],
    });
  });

  it('is no call at all where no data point was recorded', async () => {
    const { read } = reading(({ target = '' }) =>
      target.startsWith('Granite') ? { Datapoints: [] } : answers[target],
    );
    expect((await read([orders])).invocations).toEqual([{ functionName: 'orders', lastHour: 0 }]);
  });

  it('of a user is nothing', async () => {
    const { read, sent } = reading();
    expect(await read([{ kind: 'user', userName: 'deploy' }])).toEqual({
      roleUsers: [],
      backlog: [],
      invocations: [],
      goesOn: [],
    });
    expect(sent).toEqual([]);
  });

  it('is what a pause does not stop, as the function is configured', async () => {
    const CapacityProviderArn = 'arn:aws:lambda:eu-west-1:111122223333:capacity-provider:own';
    const { read } = reading(undefined, {
      DurableConfig: { ExecutionTimeout: 3_600 },
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn },
      },
    });
    expect((await read([orders])).goesOn).toEqual([
      'durable executions of orders until their next checkpoint',
      'instances of orders in its capacity provider',
    ]);
  });
});

describe('it is read', () => {
  const containing = async (tags: Readonly<Record<string, string>>) => {
    const functions = new Map([['orders', aFunction({ tags })]]);
    const { deps } = fakeDeps(aWorld({ functions }));
    const radius = {
      roleUsers: ['function refunds runs with role orders-role'],
      backlog: [{ queue: 'orders', messages: 1234 }],
      invocations: [{ functionName: 'orders', lastHour: 1 }],
      goesOn: ['durable executions of orders until their next checkpoint'],
    };
    let reads = 0;
    const readRadius = async () => {
      reads += 1;
      return radius;
    };
    const arrival = { event: lambdaFinding(), execution: 'first', drill: false };
    const { incidentId } = await containFinding(arrival, { ...deps, readRadius });
    return { reads, radius, head: (await readCase(deps.table, incidentId)).head };
  };

  it('for a question, which says it before anything is done', async () => {
    const { reads, radius, head } = await containing({ 'cordon:tier': 'critical' });
    expect([reads, head.proposal?.radius]).toEqual([1, radius]);
    const facts = decisionFacts(askedHead(head), String, { label: 'Why' });
    const textOf = (label: string) => facts.find((fact) => fact.label === label)?.text;
    expect(textOf('Same role')).toBe('function refunds runs with role orders-role');
    expect(textOf('Backlog')).toBe('about 1,234 messages in queue orders');
    expect(textOf('Used')).toBe('orders was called 1 time in the last hour');
    expect(textOf('Goes on')).toBe('durable executions of orders until their next checkpoint');
    expect(approvalLines(askedHead(head), String).length).toBeGreaterThan(0);
  });

  it('never before a containment', async () => {
    const { reads, head } = await containing({});
    expect([reads, head.state]).toEqual([0, 'contained']);
  });
});
