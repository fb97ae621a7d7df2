import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { bringUp } from '../../../local/engine/bring-up.ts';
import { freePort } from '../../../local/engine/port.ts';
import { synth } from '../../../local/engine/synth.ts';
import { at, type Json, listAt } from '../../support/infra/synthesised.ts';

/** A resource of the template and what became of it. */
export interface Deployed {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly physicalId: string;
  /** The template's properties, references replaced by what they refer to. */
  readonly wanted: Readonly<Record<string, Json>>;
}

const root = join(import.meta.dirname, '../../..');
const account = '000000000000';
const region = 'us-east-1';
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
};

/**
 * How AWS makes an ARN of a physical id; the engine is not asked, so that it cannot agree with
 * itself.
 */
const arnOf: Readonly<Record<string, (id: string, wanted: Json) => string>> = {
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id}`,
  'AWS::KMS::Key': (id) => `arn:aws:kms:${region}:${account}:key/${id}`,
  'AWS::DynamoDB::Table': (id) => `arn:aws:dynamodb:${region}:${account}:table/${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${region}:${account}:${id.split('/').at(-1)}`,
  'AWS::Lambda::Function': (id) => `arn:aws:lambda:${region}:${account}:function:${id}`,
  'AWS::Logs::LogGroup': (id) => `arn:aws:logs:${region}:${account}:log-group:${id}:*`,
  'AWS::IAM::Role': (id, wanted) => `arn:aws:iam::${account}:role${at(wanted, 'Path') ?? '/'}${id}`,
  'AWS::Events::EventBus': (id) => `arn:aws:events:${region}:${account}:event-bus/${id}`,
  'AWS::Events::Rule': (id, wanted) =>
    [
      `arn:aws:events:${region}:${account}:rule`,
      ...(at(wanted, 'EventBusName') === undefined ? [] : ['cordon-drills']),
      id.split('|').at(-1),
    ].join('/'),
};

/**
 * Brings the real templates up on a port of its own, and says what every resource should have
 * become.
 */
export const deployed = async () => {
  const { engine } = await bringUp({ root, port: await freePort(), env: process.env });
  const client = {
    endpoint: engine.endpoint,
    region,
    credentials: engine.rootKey,
  };
  const { assembly } = await synth({ root, env: process.env });
  const resources: Deployed[] = [];
  for (const stack of ['CordonResponse', 'CordonDrillTarget', 'CordonProtectedApp']) {
    const cfn = new CloudFormationClient(client);
    const physical = new Map<string | undefined, string>();
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client: cfn },
      { StackName: stack },
    ))
      for (const one of StackResourceSummaries)
        physical.set(one.LogicalResourceId, one.PhysicalResourceId ?? '');
    const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName: stack }));
    physical.set('AWS::StackId', Stacks[0]?.StackId ?? '');
    const origin = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Origin')?.OutputValue;
    if (origin !== undefined) physical.set('DomainName', new URL(origin).hostname);
    const template: Json = JSON.parse(
      readFileSync(join(assembly, `${stack}.template.json`), 'utf8'),
    );
    for (const [id, resource] of Object.entries(at(template, 'Resources') ?? {})) {
      const wanted = resolve(
        at(resource, 'Properties') ?? {},
        at(template, 'Resources') ?? {},
        physical,
      );
      resources.push({
        stack,
        id,
        type: String(at(resource, 'Type')),
        physicalId: physical.get(id) ?? '',
        wanted: Object.fromEntries(Object.entries(wanted ?? {})),
      });
    }
  }
  return { engine, client, resources };
};

const resolve = (
  value: Json,
  all: Json,
  physical: ReadonlyMap<string | undefined, string>,
): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => resolve(one, all, physical));
  const inner = (one: Json): Json => resolve(one, all, physical);
  const [first, ...others] = Object.entries(value);
  if (first && others.length === 0) {
    const [key, argument] = first;
    if (key === 'Ref')
      return (
        pseudo[String(argument)] ??
        physical.get(String(argument)) ??
        `nothing named ${String(argument)}`
      );
    if (key === 'Fn::Split')
      return String(inner(at(argument, 1) ?? '')).split(String(at(argument, 0)));
    if (key === 'Fn::Select')
      return at(inner(at(argument, 1) ?? []), Number(at(argument, 0))) ?? 'nothing to select';
    if (key === 'Fn::Join')
      return listAt(argument, 1)
        .map(inner)
        .join(String(at(argument, 0)));
    if (key === 'Fn::Sub')
      return String(argument).replaceAll(
        /\$\{([\w:]+)\}/g,
        (_all, name: string) => pseudo[name] ?? physical.get(name) ?? name,
      );
    if (key === 'Fn::GetAtt')
      return attribute(String(at(argument, 0)), String(at(argument, 1)), all, physical);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]));
};

const attribute = (
  id: string,
  name: string,
  all: Json,
  physical: ReadonlyMap<string | undefined, string>,
): string => {
  const physicalId = physical.get(id) ?? '';
  const type = String(at(all, id, 'Type'));
  if (name === 'DomainName') return physical.get(name) ?? `no ${name} for ${type}`;
  if (name === 'Name' || name === 'QueueName') return physicalId.split(/[:/]/).at(-1) ?? '';
  return arnOf[type]?.(physicalId, at(all, id, 'Properties') ?? {}) ?? `no ${name} for ${type}`;
};
