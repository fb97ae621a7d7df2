import { readFileSync } from 'node:fs';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CordonError } from '../../operator/errors.ts';
import type { Outputs } from '../../operator/place.ts';
import { type AssemblyStack, type Asset, readAssembly } from './assembly.ts';
import { clientConfig, type KeyedEngine } from './clients.ts';
import type { Say } from './run-program.ts';
import { ACCOUNT } from './settings.ts';
import { applyStack } from './stack.ts';
import { zipFolder } from './zip.ts';

interface DeployOptions extends KeyedEngine {
  /** The stack to deploy, with those that it needs; all of them unless said. */
  readonly only?: string | undefined;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

const assetsIn = (region: string): string => `cdk-hnb659fds-assets-${ACCOUNT}-${region}`;

/**
 * Deploys a cloud assembly to the engine: the same templates that `cdk deploy` sends to AWS,
 * without its long polling.
 */
export const deploy = async (
  assembly: string,
  { endpoint, rootKey, only, say, signal }: DeployOptions,
): Promise<Outputs> => {
  const settings = clientConfig({ endpoint, rootKey });
  const cfnIn = (region: string) => new CloudFormationClient({ ...settings, region });
  const stacks = new Map(readAssembly(assembly).map((stack) => [stack.id, stack]));
  for (const region of new Set([...stacks.values()].map((stack) => stack.region)))
    await applyStack(cfnIn(region), 'CDKToolkit', { TemplateBody: bootstrapOf(region) }, signal);
  if (stacks.size === 0)
    throw new CordonError(
      `${assembly} has no stack: run "cordon up" again, or look at infra/app.ts`,
    );
  const outputs: Record<string, Record<string, string>> = {};
  const begun = new Map<string, Promise<void>>();
  // A stack that several others need is deployed once; all of them wait for the same promise.
  const once = ({ id }: AssemblyStack, work: () => Promise<void>): Promise<void> =>
    begun.get(id) ?? begun.set(id, work()).get(id) ?? work();
  const deployStack = (stack: AssemblyStack): Promise<void> =>
    once(stack, async () => {
      await Promise.all([
        ...stack.dependsOn.flatMap((id) => stacks.get(id) ?? []).map(deployStack),
        ...stack.assets.map((asset) =>
          upload(new S3Client({ ...settings, region: stack.region }), asset),
        ),
      ]);
      const started = performance.now();
      const { Outputs = [] } = await applyStack(
        cfnIn(stack.region),
        stack.name,
        { TemplateURL: `${endpoint}/${assetsIn(stack.region)}/${stack.template}` },
        signal,
      );
      outputs[stack.name] = Object.fromEntries(
        Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      );
      say?.(`${stack.name} deployed (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
    });
  await Promise.all(
    [...stacks.values()].filter(({ name }) => only === undefined || name === only).map(deployStack),
  );
  return outputs;
};

const upload = async (s3: S3Client, { path, zip, bucket, key }: Asset): Promise<void> => {
  const at = { Bucket: bucket, Key: key };
  const there = await s3.send(new HeadObjectCommand(at)).then(
    () => true,
    () => false,
  );
  if (!there)
    await s3.send(
      new PutObjectCommand({ ...at, Body: zip ? zipFolder(path) : readFileSync(path) }),
    );
};

/** What CDK's default synthesizer expects of an account; stands in for `cdk bootstrap`. */
const bootstrapOf = (region: string): string =>
  JSON.stringify({
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: assetsIn(region) } },
      Version: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Name: '/cdk-bootstrap/hnb659fds/version', Value: '32' },
      },
    },
  });
