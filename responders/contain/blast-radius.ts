import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { functionsOfRole } from '../decide/function-reads.ts';
import { readRole } from '../decide/role-reads.ts';
import type { BlastRadius } from '../incident/question.ts';
import type { Suspect } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { mappingsOf } from '../shared/event-sources.ts';
import { callsTo, placeOf, placeText } from '../shared/function-place.ts';
import type { Grant } from '../shared/grant.ts';
import { listAt, numberAt, textAt } from '../shared/json.ts';
import type { CallService } from '../shared/signed-json.ts';

/** Reads what a containment would touch: for a question only, never before a containment. */
export type ReadRadius = (suspects: readonly Suspect[]) => Promise<BlastRadius>;

export interface RadiusDeps {
  readonly aws: Aws;
  /** The region of the deployment. */
  readonly region: string;
  /** Calls a service in a region in which functions are contained. */
  readonly callIn: (service: 'sqs' | 'monitoring', region: string) => CallService;
  readonly now: () => number;
}

/** The calls that reading it sends besides those that confirm a suspect. */
export const radiusCalls: readonly Grant[] = [
  { on: 'lambda:*', may: ['ListEventSourceMappings'] },
  { on: 'sqs:?*', may: ['GetQueueAttributes'] },
  { on: 'cloudwatch:*', may: ['GetMetricStatistics'] },
];

const deadlineMs = 2_000;
const hour = 3_600_000;
/** The incident is one item of a table. */
const most = 50;

/** The functions that exist, as targets name them. */
const placesOf = (suspects: readonly Suspect[]): readonly string[] =>
  suspects.flatMap((suspect) =>
    suspect.kind === 'function' && !suspect.gone ? [placeText(suspect)] : [],
  );

const usersOfRole = async (
  roleName: string,
  suspected: readonly string[],
  { aws }: RadiusDeps,
): Promise<readonly string[]> => {
  const [role, functions] = await Promise.all([
    readRole(roleName, aws),
    functionsOfRole(roleName, aws),
  ]);
  const names = functions.map(({ name }) => name).filter((name) => !suspected.includes(name));
  return [
    ...names.map((name) => `function ${name} runs with role ${roleName}`),
    ...role.otherTrust.map((principal) => `${principal} may take role ${roleName}`),
  ];
};

/** Who else uses the roles. */
const roleUsersOf = async (
  suspects: readonly Suspect[],
  deps: RadiusDeps,
): Promise<readonly string[]> => {
  const roles = new Set(
    suspects.flatMap((suspect) => ('roleName' in suspect ? suspect.roleName : [])),
  );
  const places = placesOf(suspects);
  const users = [...roles].map((roleName) => usersOfRole(roleName, places, deps));
  return (await Promise.all(users)).flat().slice(0, most);
};

const queueArn = /^arn:[\w-]+:sqs:([\w-]+):(\d{12}):([\w.-]+)$/;

const messagesIn = async (arn: string, { callIn }: RadiusDeps): Promise<BlastRadius['backlog']> => {
  const [, region = '', account = '', queue = ''] = queueArn.exec(arn) ?? [];
  if (queue === '') return [];
  const answer = await callIn(
    'sqs',
    region,
  )({
    method: 'POST',
    path: '/',
    target: 'AmazonSQS.GetQueueAttributes',
    json: '1.0',
    body: {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${queue}`,
      AttributeNames: ['ApproximateNumberOfMessages'],
    },
  });
  const messages = Number(textAt(answer, 'Attributes.ApproximateNumberOfMessages') ?? Number.NaN);
  if (Number.isNaN(messages)) throw new Error(`SQS gave no number of messages in ${queue}`);
  return [{ queue, messages }];
};

/** What waits in the queues that feed the functions. */
const backlogOf = async (
  suspects: readonly Suspect[],
  deps: RadiusDeps,
): Promise<BlastRadius['backlog']> => {
  const mappings = placesOf(suspects).map((place) => mappingsOf(callsTo(place, deps.aws)));
  const arns = (await Promise.all(mappings))
    .flat()
    .flatMap(({ EventSourceArn = '', State }) => (State === 'Disabled' ? [] : EventSourceArn));
  const waiting = [...new Set(arns)].slice(0, most).map((arn) => messagesIn(arn, deps));
  return (await Promise.all(waiting)).flatMap((queue) => queue ?? []);
};

/** How often each function was called in the last hour; no data point means that it was not. */
const invocationsOf = async (
  suspects: readonly Suspect[],
  { callIn, region, now }: RadiusDeps,
): Promise<BlastRadius['invocations']> =>
  Promise.all(
    placesOf(suspects).map(async (place) => {
      const { functionName, region: further } = placeOf(place);
      // The second that has begun counts too.
      const seconds = Math.ceil(now() / 1_000);
      const answer = await callIn(
        'monitoring',
        further ?? region,
      )({
        method: 'POST',
        path: '/',
        target: 'GraniteServiceVersion20100801.GetMetricStatistics',
        json: '1.0',
        body: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Invocations',
          Dimensions: [{ Name: 'FunctionName', Value: functionName }],
          StartTime: seconds - hour / 1_000,
          EndTime: seconds,
          Period: hour / 1_000,
          Statistics: ['Sum'],
        },
      });
      const points = listAt(answer, 'Datapoints').map((point) => numberAt(point, 'Sum') ?? 0);
      return { functionName: place, lastHour: points.reduce((sum, point) => sum + point, 0) };
    }),
  );

/** What a reservation of no executions does not end, as the functions are configured. */
const goesOnOf = async (
  suspects: readonly Suspect[],
  { aws }: RadiusDeps,
): Promise<readonly string[]> => {
  const clauses = placesOf(suspects).map(async (place) => {
    const { lambda, FunctionName } = callsTo(place, aws);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    const { DurableConfig, CapacityProviderConfig } = Configuration ?? {};
    return [
      DurableConfig ? [`durable executions of ${place} until their next checkpoint`] : [],
      CapacityProviderConfig ? [`instances of ${place} in its capacity provider`] : [],
    ].flat();
  });
  return (await Promise.all(clauses)).flat();
};

/** What could not be read in time is null: a question is not kept waiting for it. */
export const radiusReader =
  (deps: RadiusDeps): ReadRadius =>
  async (suspects) => {
    const [roleUsers, backlog, invocations, goesOn] = await Promise.all([
      attempt(deadlineMs, roleUsersOf(suspects, deps)),
      attempt(deadlineMs, backlogOf(suspects, deps)),
      attempt(deadlineMs, invocationsOf(suspects, deps)),
      attempt(deadlineMs, goesOnOf(suspects, deps)),
    ]);
    return {
      roleUsers: roleUsers.ok ? roleUsers.value : null,
      backlog: backlog.ok ? backlog.value : null,
      invocations: invocations.ok ? invocations.value : null,
      goesOn: goesOn.ok ? goesOn.value : null,
    };
  };
