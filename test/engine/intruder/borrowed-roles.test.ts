// Row 8 of the intruder: whoever may pass a role of Cordon to a function of their own.
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { roleOf, type TemplateRole, templateRoles } from '../../support/engine/account.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';

/** Reads the case table, as the functions below may. */
const probe = `
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
export const handler = ({ table }) => new DynamoDBClient({}).send(new QueryCommand({
  TableName: table,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'INC#x' } },
})).then(() => 'allowed', ({ name, message }) => /^AccessDenied/.test(name) ? 'denied' : name + ': ' + message);`;

let cordon: Deployed;
let roles: readonly TemplateRole[];
let code: Buffer;
beforeAll(async () => {
  const { outputFiles } = buildSync({
    stdin: { contents: probe, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    write: false,
  });
  code = zipOf([{ name: 'index.mjs', data: Buffer.from(outputFiles[0]?.contents ?? '') }]);
  cordon = await borrowed();
  roles = await templateRoles(cordon);
});

/** What a function of the intruder that runs with the role is answered. */
const borrow = async (Role: string, FunctionName: string): Promise<string> => {
  const lambda = new LambdaClient(clientConfig(cordon));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 20,
      Code: { ZipFile: code },
    }),
  );
  try {
    const Payload = JSON.stringify({ table: outputOf(cordon, 'CaseTableName') });
    const { Payload: answer } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    return String(JSON.parse(Buffer.from(answer ?? []).toString()));
  } finally {
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  }
};

it.each([
  ...['ContainmentLambda', 'ReleaseLambda', 'EvidenceCollectionLambda', 'NotifyLambda'],
  'HeartbeatLambda',
])(
  'row 8: a function of the intruder gets nothing by the role of %s, and all of it without its wall',
  async (name) => {
    const iam = new IAMClient(clientConfig(cordon));
    const { roleName: RoleName } = roleOf(roles, name);
    const arn = `arn:aws:iam::${ACCOUNT}:role/cordon/${RoleName}`;
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const wall = {
      RoleName,
      PolicyName: PolicyNames.find((policy) => policy === 'OnlyItself') ?? '',
    };
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(wall));

    const behindIt = await borrow(arn, 'a-borrower');
    await iam.send(new DeleteRolePolicyCommand(wall));
    const without = await borrow(arn, 'another-borrower');
    await iam.send(
      new PutRolePolicyCommand({ ...wall, PolicyDocument: decodeURIComponent(PolicyDocument) }),
    );

    expect([behindIt, without]).toEqual(['denied', 'allowed']);
  },
);
