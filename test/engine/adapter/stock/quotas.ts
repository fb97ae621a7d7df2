// Differences in what AWS refuses because there is too much of it.
import { AttachRolePolicyCommand, IAMClient, TagRoleCommand } from '@aws-sdk/client-iam';
import {
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { allow, makeFunction, makeRole, outcome, roleKeys } from '../world.ts';
import type { Difference } from './difference.ts';

const code = 'export const handler = async () => 1;';

/** Sends one after the other, and gives what came of the last. */
const lastOf = async (calls: readonly (() => Promise<unknown>)[]): Promise<string> => {
  let last = 'none';
  for (const call of calls) last = await outcome(call());
  return last;
};

const roleQuotas: Difference = {
  correction: 'role_quotas',
  still: 'attaches more than ten policies to a role, and sets more than fifty tags',
  observe: async (engine) => {
    const RoleName = 'quota-role';
    await makeRole(engine, RoleName, []);
    const iam = new IAMClient(engine.client());
    const attach = (number: number) => () =>
      iam.send(
        new AttachRolePolicyCommand({
          RoleName,
          PolicyArn: `arn:aws:iam::aws:policy/Managed${number}`,
        }),
      );
    const tag = (number: number) => () =>
      iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: `tag-${number}`, Value: 'x' }] }));
    const numbers = (most: number) => Array.from({ length: most }, (_, index) => index);
    return {
      tenthPolicy: await lastOf(numbers(10).map(attach)),
      eleventhPolicy: await lastOf([attach(10)]),
      samePolicy: await lastOf([attach(0)]),
      fiftiethTag: await lastOf(numbers(50).map(tag)),
      anotherTag: await lastOf([tag(50)]),
    };
  },
  stock: {
    tenthPolicy: 'ok',
    eleventhPolicy: 'ok',
    samePolicy: 'ok',
    fiftiethTag: 'ok',
    anotherTag: 'ok',
  },
  aws: {
    tenthPolicy: 'ok',
    eleventhPolicy: 'LimitExceededException',
    samePolicy: 'ok',
    fiftiethTag: 'ok',
    anotherTag: 'LimitExceededException',
  },
};

const provisionedConcurrency: Difference = {
  correction: 'provisioned_concurrency',
  still: 'lists no provisioned concurrency, and takes a reservation below it',
  observe: async (engine) => {
    const FunctionName = 'provisioned';
    await makeFunction(engine, FunctionName, code, await makeRole(engine, FunctionName, []));
    const root = new LambdaClient(engine.client());
    const { Version: Qualifier } = await root.send(new PublishVersionCommand({ FunctionName }));
    await root.send(
      new PutProvisionedConcurrencyConfigCommand({
        FunctionName,
        Qualifier,
        ProvisionedConcurrentExecutions: 2,
      }),
    );
    const grants = [allow('lambda:ListProvisionedConcurrencyConfigs')];
    const caller = new LambdaClient(
      engine.client(await roleKeys(engine, 'provisioned-caller', grants)),
    );
    const listed = caller
      .send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }))
      .then(({ ProvisionedConcurrencyConfigs = [] }) =>
        ProvisionedConcurrencyConfigs.map(
          ({ RequestedProvisionedConcurrentExecutions: count }) => count,
        ),
      )
      .catch(({ name }: Error) => name);
    const reserve = (ReservedConcurrentExecutions: number) =>
      outcome(
        root.send(
          new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }),
        ),
      );
    return { listed: await listed, below: await reserve(0), enough: await reserve(2) };
  },
  stock: { listed: 'AccessDeniedException', below: 'ok', enough: 'ok' },
  aws: { listed: [2], below: 'InvalidParameterValueException', enough: 'ok' },
};

export const quotas: readonly Difference[] = [roleQuotas, provisionedConcurrency];
