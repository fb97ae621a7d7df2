// The shortest pipeline that could contain at all: rule → one-state machine → Lambda → one
// AttachRolePolicy. Nothing is read, saved or decided.
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { buildSync } from 'esbuild';
import { clientConfig } from '../../local/engine/clients.ts';
import { zipOf } from '../../local/engine/zip.ts';
import type { EngineAddress } from './targets.ts';

export const bareBus = 'bare';

const handler = `
import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
const iam = new IAMClient({});
export const handler = async (event) => {
  console.log('attaching');
  const RoleName = event.detail.resource.lambdaDetails.role.split('/').at(-1);
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: process.env.DENY }));
};`;

const document = (...Statement: unknown[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const trusting = (service: string): string =>
  document({
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sts:AssumeRole',
  });

/** A role of one service that may do one thing. */
export const role = async (
  iam: IAMClient,
  RoleName: string,
  service: string,
  Action: string,
): Promise<string> => {
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(service) }),
  );
  const PolicyDocument = document({ Effect: 'Allow', Action, Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'only', PolicyDocument }));
  return Role?.Arn ?? '';
};

/** Source as the code of a function, its packages included. */
export const bundled = (source: string): Buffer => {
  const stdin = { contents: source, resolveDir: import.meta.dirname };
  const built = buildSync({
    stdin,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    write: false,
  });
  return zipOf([{ name: 'index.mjs', data: Buffer.from(built.outputFiles[0]?.contents ?? '') }]);
};

const machine = (FunctionName: string): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Contain',
    States: {
      Contain: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName, Payload: '{% $states.input %}' },
        End: true,
      },
    },
  });

/** Sets it up on the same engine. */
export const makeBare = async (at: EngineAddress): Promise<void> => {
  const [iam, events] = [new IAMClient(clientConfig(at)), new EventBridgeClient(clientConfig(at))];
  const deny = await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'BareDeny',
      PolicyDocument: document({ Effect: 'Deny', Action: '*', Resource: '*' }),
    }),
  );
  const { FunctionArn = '' } = await new LambdaClient(clientConfig(at)).send(
    new CreateFunctionCommand({
      FunctionName: 'bare',
      Role: await role(iam, 'bare', 'lambda', 'iam:AttachRolePolicy'),
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      MemorySize: 1769,
      Timeout: 30,
      Code: { ZipFile: bundled(handler) },
      Environment: { Variables: { DENY: deny.Policy?.Arn ?? '' } },
    }),
  );
  const { stateMachineArn = '' } = await new SFNClient(clientConfig(at)).send(
    new CreateStateMachineCommand({
      name: 'bare',
      definition: machine(FunctionArn),
      roleArn: await role(iam, 'bare-machine', 'states', 'lambda:InvokeFunction'),
    }),
  );
  const RoleArn = await role(iam, 'bare-rule', 'events', 'states:StartExecution');
  await events.send(new CreateEventBusCommand({ Name: bareBus }));
  await events.send(
    new PutRuleCommand({
      Name: 'bare',
      EventBusName: bareBus,
      EventPattern: JSON.stringify({ source: ['cordon.drill'] }),
    }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: 'bare',
      EventBusName: bareBus,
      Targets: [{ Id: 'bare', Arn: stateMachineArn, RoleArn }],
    }),
  );
};
