// Rows 5 and 8 of the intruder, and the first wall of rows 1, 3 and 4: the policies of functions.
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { standardFunctions } from '../../../responders/functions.ts';
import { heartbeatCanary } from '../../../responders/incident/heartbeat.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { independent } from '../../support/engine/evaluator.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { functionArn } from '../weapon/attempts.ts';
import { awaited, type Desk, deskOf, incidentAbout } from './case.ts';
import { type Clients, clientsOf } from './clients.ts';
import { evidenceNow, expectEvidence } from './evidence.ts';
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
import { expectTold, mailsAbout } from './told.ts';

let cordon: Deployed;
let desk: Desk;
let root: Clients;
let stranger: Intruder;
/** What the intruder names in each call: contained and reported, with evidence. */
let incident: string;
let before: unknown;
beforeAll(async () => {
  cordon = await borrowed();
  desk = await deskOf(cordon);
  root = clientsOf(cordon);
  stranger = await intruder(cordon, 'intruder-functions');
  incident = (await incidentAbout(desk, 'intruder-functions-victim')).id;
  await awaited(desk, incident, 'reported', ({ mails }) =>
    mails.some(({ kind }) => kind === 'report1'),
  );
  await expectEvidence(desk, incident, 'function/configuration.json');
  before = await recordsOf(incident);
}, 240_000);

/** Everything that is known of an incident: its case, its evidence and its mails. */
const recordsOf = async (id: string): Promise<unknown> => {
  const { head, stages, actions } = await readCase(desk.table, id);
  const mails = mailsAbout(desk, id).map(({ subject }) => subject);
  return { state: head.state, stages, actions, mails, evidence: await evidenceNow(desk, id) };
};

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
    it('row 5: cannot call it, at any address', async () => {
      const attempts = invocations(name, { incidentId: incident });

      expect(await judgements(stranger, attempts)).toEqual(denials(attempts));
    });

    it('row 8: cannot change it, and it is as it was', async () => {
      const before = await stateOf(name);

      const attempts = changes(name);
      expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

      expect(await stateOf(name)).toEqual(before);
    });
  },
);

it('row 5: the incident that each call named has no further stage, mail or evidence', async () => {
  expect(await recordsOf(incident)).toEqual(before);
});

it('row 8: every attempt to change a function is told, and changes no evidence', async () => {
  // Another identity, because what was told of the first is told once in ten minutes.
  const teller = await intruder(cordon, 'intruder-functions-told');
  const attempts = changes('EvidenceCollectionLambda');

  expect(await judgements(teller, attempts)).toEqual(denials(attempts));

  const actions = attempts.map(({ action }) => action);
  await expectTold(desk, 'intruder-functions-told', actions);
  expect(await recordsOf(incident)).toEqual(before);
});

it('row 5: the role of the state machine may call what it works with, and nothing else', async () => {
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
