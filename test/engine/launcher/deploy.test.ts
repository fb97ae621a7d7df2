import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assume, clientConfig } from '../../../local/engine/clients.ts';
import { deploy } from '../../../local/engine/deploy.ts';
import { freePort } from '../../../local/engine/port.ts';
import { type Engine, startEngine } from '../../../local/engine/start.ts';
import { makeCheckout, removeCheckout } from './checkout.ts';

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = await makeCheckout();
  engine = await startEngine({ root, port: await freePort() });
});
afterAll(async () => {
  await engine.stop();
  await removeCheckout(root);
});

const bucket = 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}';
interface Stack {
  readonly template: object;
  readonly dependencies?: readonly string[];
}

/** A cloud assembly as CDK writes it; each template has its own content as its key. */
const assemblyOf = (stacks: Readonly<Record<string, Stack>>): string => {
  const folder = join(root, `assembly-${Math.random()}`);
  mkdirSync(folder);
  const write = (name: string, body: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(body));
  for (const [id, { template }] of Object.entries(stacks)) {
    const objectKey = `${id}-${Buffer.from(JSON.stringify(template)).toString('base64url').slice(-80)}.json`;
    write(`${id}.template.json`, template);
    write(`${id}.assets.json`, {
      files: {
        [id]: {
          source: { path: `${id}.template.json`, packaging: 'file' },
          destinations: { here: { bucketName: bucket, objectKey } },
        },
      },
    });
    Object.assign(stacks[id] ?? {}, { objectKey });
  }
  const artifacts = Object.entries(stacks).map(([id, stack]) => [
    id,
    {
      type: 'aws:cloudformation:stack',
      dependencies: [`${id}.assets`, ...(stack.dependencies ?? [])],
      properties: {
        stackTemplateAssetObjectUrl: `s3://${bucket}/${'objectKey' in stack ? stack.objectKey : ''}`,
      },
    },
  ]);
  write('manifest.json', { artifacts: Object.fromEntries(artifacts) });
  return folder;
};
const topics = (display: string): Stack => ({
  template: {
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: display } } },
    Outputs: {
      Topic: { Value: { Ref: 'Topic' }, Export: { Name: 'the-topic' } },
      Display: { Value: display },
    },
  },
});
const reader: Stack = {
  template: {
    Resources: {
      Name: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::ImportValue': 'the-topic' } },
      },
    },
    Outputs: { Name: { Value: { Ref: 'Name' } } },
  },
  dependencies: ['Topics'],
};

describe('deploy', () => {
  it('deploys stacks after those they depend on, updates them, and leaves an unchanged one alone', async () => {
    const said: string[] = [];
    const first = await deploy(assemblyOf({ Reader: reader, Topics: topics('one') }), {
      ...engine,
      say: (line) => said.push(line),
    });
    const second = await deploy(assemblyOf({ Reader: reader, Topics: topics('two') }), engine);

    expect(said).toEqual([
      expect.stringMatching(/^Topics deployed/),
      expect.stringMatching(/^Reader deployed/),
    ]);
    expect([first.Topics?.Display, second.Topics?.Display]).toEqual(['one', 'two']);
    expect(second.Topics?.Topic).toBe(first.Topics?.Topic);
    expect(second.Reader).toEqual(first.Reader);
  });

  it('says why a template is refused, and which resources fail', async () => {
    const refused = assemblyOf({
      Refused: { template: { Resources: { Odd: { Type: 'AWS::Odd::Thing' } } } },
    });
    const absent = 'arn:aws:lambda:us-east-1:000000000000:function:absent';
    const failing = assemblyOf({
      Failing: {
        template: {
          Resources: { Own: { Type: 'Custom::Own', Properties: { ServiceToken: absent } } },
        },
      },
    });

    await expect(deploy(refused, engine)).rejects.toThrow(
      /^stack Refused was refused: .*AWS::Odd::Thing/,
    );
    await expect(deploy(failing, engine)).rejects.toThrow(
      /^stack Failing could not be deployed \(ROLLBACK_COMPLETE\):\n {2}Own \(Custom::Own\): /,
    );
  });

  it('says that an assembly is empty', async () => {
    await expect(deploy(assemblyOf({}), engine)).rejects.toThrow(/has no stack/);
  });
});

describe('the keys of a role', () => {
  it('may do what its policy allows, where the root key may do all', async () => {
    const AssumeRolePolicyDocument = {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: 'arn:aws:iam::000000000000:root' },
        },
      ],
    };
    const template = {
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    };
    const { Roles } = await deploy(assemblyOf({ Roles: { template } }), engine);

    const keys = await assume(engine, Roles?.Arn ?? '', 'a-test');

    await expect(
      new S3Client(clientConfig(engine, keys)).send(new ListBucketsCommand({})),
    ).rejects.toThrow(/assumed-role\/.*\/a-test is not authorized/);
    await expect(
      new LambdaClient(clientConfig(engine, keys)).send(
        new GetFunctionCommand({ FunctionName: 'x' }),
      ),
    ).rejects.toThrow(/not authorized/);
    await expect(
      new S3Client(clientConfig(engine)).send(new ListBucketsCommand({})),
    ).resolves.toBeTruthy();
  });
});
