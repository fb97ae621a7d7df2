import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workloadOf } from '../../../game-day/app-workloads.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import {
  type AppFunction,
  type AppFunctionName,
  appFunctions,
} from '../../../protected-app/functions.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { attempts } from './attempts.ts';
import { deployedApp, type OwnApp } from './deployed.ts';

let app: OwnApp;
beforeAll(async () => {
  app = await deployedApp();
  // What a role may send stays in the queue.
  for (const FunctionName of ['AIWorker', 'SalesforcePush'])
    await new LambdaClient(clientConfig(app)).send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    );
});
afterAll(() => app?.engine.stop());

const roleOf = async (name: AppFunctionName) => {
  const { roleName, roleArn } = await workloadOf(app.place, name);
  return { name: roleName, arn: roleArn };
};

/**
 * What each may not, in words: written down apart from functions.ts, so that a grant too many is
 * seen.
 */
const mustNot: Readonly<Record<AppFunctionName, readonly string[]>> = {
  ProductService: [
    'DeleteItem dynamodb:${products}',
    'Scan dynamodb:${products}',
    'GetItem dynamodb:${customers}',
  ],
  ScanService: [
    'DeleteItem dynamodb:${products}',
    'PutItem dynamodb:${products}',
    'Scan dynamodb:${products}',
  ],
  RemoveProduct: [
    'PutItem dynamodb:${products}',
    'GetItem dynamodb:${customers}',
    'SendMessage sqs:${pushQueue}',
  ],
  CustomerService: [
    'UpdateItem dynamodb:${customers}',
    'Scan dynamodb:${customers}',
    'GetSecretValue secretsmanager:${salesforceSecret}',
  ],
  AIAgent: [
    'GetItem dynamodb:${customers}',
    'GetItem dynamodb:${queries}',
    'GetSecretValue secretsmanager:${openaiSecret}',
  ],
  AIQueryStatus: [
    'UpdateItem dynamodb:${queries}',
    'SendMessage sqs:${questionQueue}',
    'GetItem dynamodb:${customers}',
  ],
  AIWorker: [
    'UpdateItem dynamodb:${customers}',
    'Scan dynamodb:${customers}',
    'GetSecretValue secretsmanager:${salesforceSecret}',
  ],
  SalesforceSync: [
    'GetSecretValue secretsmanager:${salesforceSecret}',
    'GetItem dynamodb:${customers}',
    'ReceiveMessage sqs:${pushQueue}',
  ],
  SalesforcePush: [
    'DeleteItem dynamodb:${customers}',
    'GetSecretValue secretsmanager:${openaiSecret}',
    'GetItem dynamodb:${products}',
  ],
  SalesforcePoll: [
    'GetSecretValue secretsmanager:${openaiSecret}',
    'GetItem dynamodb:${products}',
    'SendMessage sqs:${pushQueue}',
  ],
  StatusService: [
    'GetItem dynamodb:${products}',
    'SendMessage sqs:${questionQueue}',
    'GetSecretValue secretsmanager:${openaiSecret}',
  ],
  AdminAuthorizer: [
    'GetItem dynamodb:${products}',
    'cognito-idp:ListUsers',
    'lambda:InvokeFunction of another function',
  ],
};

const granted = ({ calls }: AppFunction): ReadonlySet<string> =>
  new Set(calls.flatMap(({ on, may }) => may.map((command) => `${command} ${on}`)));

it('every attempt succeeds with the root key or fails for another reason than a policy, so that a denial below is one of a policy', async () => {
  const all = Object.entries(attempts(app, await roleOf('StatusService'))).filter(
    ([what]) => !what.startsWith('iam:'),
  );
  const denied = await Promise.all(
    all.map(async ([what, call]) =>
      (await verdict(() => call(app.rootKey))) === 'denied' ? [what] : [],
    ),
  );
  expect(denied.flat()).toEqual([]);
});

describe.each(appFunctions.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
  it('may what it declares, and is denied everything else', async () => {
    const role = await roleOf(name);
    const keys = await sessionOf(app, role.name, name);
    const declared = granted(spec);
    const all = Object.entries(attempts(app, role)).map(async ([what, call]) => {
      const may = (await verdict(() => call(keys))) !== 'denied';
      return { what, may, declared: declared.has(what.replace(/ \(\w+\)$/, '')) };
    });

    const found = await Promise.all(all);
    expect(found.filter(({ may, declared }) => may !== declared)).toEqual([]);
    const denied = found.filter(({ may }) => !may).map(({ what }) => what);
    expect(denied).toEqual(expect.arrayContaining([...mustNot[name]]));
  });

  it('has a role of its own, without a policy that AWS or anybody else writes', async () => {
    const iam = new IAMClient(clientConfig(app));
    const { name: RoleName } = await roleOf(name);
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const documents = await Promise.all(
      PolicyNames.map(
        async (PolicyName) =>
          (await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument ?? '',
      ),
    );

    expect(AttachedPolicies).toEqual([]);
    expect(PolicyNames.sort()).toEqual(spec.calls.length > 0 ? ['Calls', 'Running'] : ['Running']);
    expect(documents.map(decodeURIComponent).join()).not.toMatch(/"Action":\s*\[?"[^"]*\*/);
    const others = await Promise.all(
      appFunctions.filter((one) => one.name !== name).map((one) => roleOf(one.name)),
    );
    expect(others.map((other) => other.name)).not.toContain(RoleName);
  });
});
