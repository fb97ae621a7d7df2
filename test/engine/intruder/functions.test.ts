// Rows 5 and 8 of the intruder, and the first wall of rows 1, 3 and 4: the policies of functions.
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { standardFunctions } from '../../../responders/functions.ts';
import { heartbeatCanary } from '../../../responders/incident/heartbeat.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { independent } from '../../support/engine/evaluator.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { functionArn } from '../weapon/attempts.ts';
import { type Clients, clientsOf } from './clients.ts';
import { changes, invocations } from './functions.ts';
import {
  allowed,
  denials,
  denied,
  type Intruder,
  intruder,
  type Judgement,
  judgements,
} from './intruder.ts';
import { resourcePolicyOf } from './resource-policies.ts';

let cordon: Deployed;
let root: Clients;
let stranger: Intruder;
beforeAll(async () => {
  cordon = await borrowed();
  root = clientsOf(cordon);
  stranger = await intruder(cordon, 'intruder-functions');
});

/** Everything that the attempts would change. */
const stateOf = async (FunctionName: string): Promise<unknown> => {
  const { Configuration, Concurrency } = await root.lambda.send(
    new GetFunctionCommand({ FunctionName }),
  );
  const policy = await resourcePolicyOf(root, Configuration?.FunctionArn ?? '');
  return { Configuration, Concurrency, policy };
};

describe.each([...standardFunctions.map(({ name }) => name), heartbeatCanary])(
  'the intruder and %s',
  (name) => {
    it('cannot call it, at any address', async () => {
      const attempts = invocations(name, { incidentId: 'INC-20261130-000000' });

      expect(await judgements(stranger, attempts)).toEqual(denials(attempts));
    });

    it('cannot change it, and it is as it was', async () => {
      const before = await stateOf(name);

      const attempts = changes(name);
      expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

      expect(await stateOf(name)).toEqual(before);
    });
  },
);

it('the role of the state machine may call what it works with, and nothing else', async () => {
  const { roleArn = '' } = await root.states.send(
    new DescribeStateMachineCommand({ stateMachineArn: outputOf(cordon, 'IncidentMachineArn') }),
  );
  const role = roleArn.split('/').at(-1) ?? '';
  const machine = clientsOf(cordon, await sessionOf(cordon, role));
  const judged = async (FunctionName: string): Promise<Judgement> => {
    const resource = functionArn(FunctionName);
    const action = 'lambda:InvokeFunction';
    const policy = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: action, Resource: '*' },
    };
    const context = { 'aws:PrincipalArn': roleArn, 'aws:PrincipalIsAWSService': 'false' };
    return {
      engine: await verdict(() =>
        machine.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' })),
      ),
      evaluator: await independent(
        `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/a-test`,
        [{ name: 'calls', document: policy }],
        { action, resource, context },
        await resourcePolicyOf(root, resource),
      ),
    };
  };

  expect(await judged('ContainmentLambda')).toEqual(allowed);
  expect(await judged('ReleaseLambda')).toEqual(denied);
});
