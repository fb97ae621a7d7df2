import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { clientConfig } from '../../../local/engine/clients.ts';
import { field, readJson } from '../../../local/engine/parse.ts';
import type { Deployed } from './deployed.ts';
import { literal, type Physical } from './literal.ts';

export interface Named {
  readonly name: string;
  readonly document: unknown;
}

/**
 * A role of Cordon as its template says it: its name in the account and its policies with
 * everything filled in.
 */
export interface TemplateRole {
  readonly logicalId: string;
  readonly roleName: string;
  readonly policies: readonly Named[];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What CloudFormation made of a stack: logical id → what it is called. */
const physicals = async (at: Deployed, stack: string): Promise<ReadonlyMap<string, Physical>> => {
  const { StackResources = [] } = await new CloudFormationClient(clientConfig(at)).send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  return new Map(
    StackResources.map(({ LogicalResourceId = '', ResourceType = '', PhysicalResourceId = '' }) => [
      LogicalResourceId,
      { type: ResourceType, id: PhysicalResourceId },
    ]),
  );
};

/** The roles of the responders, read from the template that was deployed. */
export const templateRoles = async (at: Deployed): Promise<readonly TemplateRole[]> => {
  const made = await physicals(at, 'CordonResponse');
  const resources = Object.entries(
    field(readJson(`${at.assembly}/CordonResponse.template.json`), 'Resources') ?? {},
  );
  return resources
    .filter(
      ([id, resource]) =>
        id.startsWith('Responders') && field(resource, 'Type') === 'AWS::IAM::Role',
    )
    .map(([logicalId, resource]) => ({
      logicalId,
      roleName: made.get(logicalId)?.id ?? '',
      policies: list(field(field(resource, 'Properties'), 'Policies')).map((policy) => ({
        name: String(field(policy, 'PolicyName')),
        document: literal(field(policy, 'PolicyDocument'), made),
      })),
    }));
};

/** The role of a function of responders/functions.ts. */
export const roleOf = (roles: readonly TemplateRole[], name: string): TemplateRole => {
  const [found, ...others] = roles.filter(({ logicalId }) =>
    logicalId.startsWith(`Responders${name}Role`),
  );
  if (!found || others.length > 0)
    throw new Error(`the template has ${others.length + (found ? 1 : 0)} roles for ${name}`);
  return found;
};

/** A managed policy of the response stack, as its template says it. */
export const templatePolicy = async (at: Deployed, name: string): Promise<unknown> => {
  const made = await physicals(at, 'CordonResponse');
  const resources = Object.values(
    field(readJson(`${at.assembly}/CordonResponse.template.json`), 'Resources') ?? {},
  );
  const found = resources.find(
    (resource) => field(field(resource, 'Properties'), 'ManagedPolicyName') === name,
  );
  return literal(field(field(found, 'Properties'), 'PolicyDocument'), made);
};
