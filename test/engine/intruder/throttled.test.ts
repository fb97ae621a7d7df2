// Row 1: the intruder exhausts GuardDuty's API, so that nobody can tell what is real.
import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { makeWorkload } from '../../support/engine/workload.ts';
import { type Between, lambdaError, standBetween } from '../evidence/between.ts';
import { withVariables } from '../evidence/variables.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { attachedTo, clientsOf } from './clients.ts';
import { expectEvidence, expectNoEvidence } from './evidence.ts';

let desk: Desk;
let between: Between;
let putBack: () => Promise<void>;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  between = await standBetween(cordon);
  putBack = await withVariables(cordon, 'ContainmentLambda', {
    AWS_ENDPOINT_URL_GUARDDUTY: between.url,
  });
});
afterAll(async () => {
  await putBack?.();
  between?.stop();
});

/** GuardDuty refuses so many questions for a finding; returns how many it was asked. */
const throttledFor = (questions: number): (() => number) => {
  let asked = 0;
  between.rule(async ({ path }) => {
    if (!path.endsWith('/findings/get')) return undefined;
    asked += 1;
    return asked > questions
      ? undefined
      : lambdaError(429, 'TooManyRequestsException', 'Rate exceeded');
  });
  return () => asked;
};

/** GuardDuty publishes a finding about a new function. */
const publish = async (functionName: string) => {
  const { roleName } = await makeWorkload(desk.cordon, functionName);
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/${roleName}`;
  const id = randomUUID().replaceAll('-', '');
  const detail = findingAbout({ functionName, roleName, roleArn }, id);
  const Detail = JSON.stringify(detail);
  await new EventBridgeClient(clientConfig(desk.cordon)).send(
    new PutEventsCommand({
      Entries: [{ Source: 'aws.guardduty', DetailType: 'GuardDuty Finding', Detail }],
    }),
  );
  return { roleName, detail };
};

const idIn = (text: string): string => /inc-\d{8}-[0-9a-z]{8}/.exec(text)?.[0] ?? 'no incident';

const stateOf = async (FunctionName: string, roleName: string) => {
  const root = clientsOf(desk.cordon);
  const { ReservedConcurrentExecutions } = await root.lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  return [await attachedTo(root, roleName), ReservedConcurrentExecutions];
};

it('row 1: a finding during a short throttle is contained without a question', async () => {
  const functionName = 'throttled-for-a-while';
  const asked = throttledFor(2);
  const { roleName } = await publish(functionName);

  const [mail] = await mailsWith(desk, functionName, 'contained: ');
  const id = idIn(`${mail?.subject} ${mail?.body}`);
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');

  expect(asked()).toBeGreaterThan(2);
  expect((await stateOf(functionName, roleName)).at(-1)).toBe(0);
  await expectEvidence(desk, id, 'function/configuration.json');
}, 240_000);

it('row 1: a finding that GuardDuty never confirms is a question, which says why', async () => {
  const functionName = 'throttled-for-good';
  const asked = throttledFor(Number.POSITIVE_INFINITY);
  const { roleName, detail } = await publish(functionName);

  const [mail] = await mailsWith(desk, functionName, 'DECISION NEEDED');

  expect(mail?.body).toContain('GuardDuty could not be asked whether it has this finding');
  expect(mail?.body).toContain('Rate exceeded');
  // Each try asks once: those of the retries, and the last one.
  expect(asked()).toBeGreaterThan(3);
  const id = idIn(`${mail?.subject} ${mail?.body}`);
  const { head } = await awaited(desk, id, 'asked', () => true);
  expect([head.state, head.proposal?.doubted]).toEqual(['awaiting-approval', true]);
  expect(await stateOf(functionName, roleName)).toEqual([[], undefined]);
  await expectNoEvidence(desk, id, { detail: JSON.parse(JSON.stringify(detail)) });
}, 240_000);
