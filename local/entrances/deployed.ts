import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { CordonError } from '../../operator/errors.ts';
import { clientConfig } from '../engine/clients.ts';
import type { Connection } from '../engine/connect.ts';
import { signedGetOf } from '../engine/signed-request.ts';
import { type LocalConfig, localConfig } from './config.ts';

type EntranceKind = 'pages' | 'api' | 'graphql';

/** A name of this machine under which a browser reaches what a stack has deployed. */
export interface Entrance {
  readonly name: string;
  readonly kind: EntranceKind;
  readonly stack: string;
  /** The domain of the distribution, or the id of the API. */
  readonly target: string;
  /** What pages are told in place of the addresses of AWS. */
  readonly config: LocalConfig | undefined;
}

const kinds: Readonly<Record<string, EntranceKind>> = {
  'AWS::CloudFront::Distribution': 'pages',
  'AWS::ApiGateway::RestApi': 'api',
  'AWS::ApiGatewayV2::Api': 'api',
  'AWS::AppSync::GraphQLApi': 'graphql',
};

/** People know the application as the shop. */
const names: Readonly<Record<string, string>> = { CordonProtectedApp: 'shop' };

const kebab = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

const nameOf = (stack: string): string => names[stack] ?? kebab(stack.replace(/^Cordon-?/, ''));

/** What CDK appends to the names of constructs to make a logical id. */
const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

interface EntranceResource {
  readonly id: string;
  readonly kind: EntranceKind;
  readonly physicalId: string;
}

/** `audit` for pages, else `audit-api`; with the construct where a stack has several. */
const entranceNames = (
  stack: string,
  resources: readonly EntranceResource[],
): ReadonlyMap<string, string> =>
  new Map(
    resources.map(({ id, kind }) => {
      const isOnly = resources.filter((other) => other.kind === kind).length === 1;
      const parts = [nameOf(stack), ...(kind === 'pages' ? [] : [kind])];
      return [id, [...parts, ...(isOnly ? [] : [kebab(withoutHash(id))])].join('-')];
    }),
  );

/** The name that CloudFront has chosen: no output of a stack has to say it. */
const domainOf = async (connection: Connection, id: string): Promise<string> => {
  const answer = await signedGetOf('cloudfront', connection, `/2020-05-31/distribution/${id}`);
  const [, domain] = /<DomainName>(\w+\.cloudfront\.net)</.exec(await answer.text()) ?? [];
  if (domain === undefined)
    throw new CordonError(`the engine does not know the distribution ${id}: HTTP ${answer.status}`);
  return domain;
};

/** What a stack has written beside its pages; a site without such a file answers with a page. */
const configOf = async ({ port }: Connection, domain: string): Promise<unknown> => {
  const headers = { host: domain, 'x-forwarded-proto': 'https' };
  const sent = request({ host: '127.0.0.1', port, path: '/config.json', headers }).end();
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  const body = answer ? await text(answer) : '';
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const openEntrance = async (
  connection: Connection,
  entrance: Omit<Entrance, 'config'>,
): Promise<Entrance> => {
  if (entrance.kind !== 'pages') return { ...entrance, config: undefined };
  const target = await domainOf(connection, entrance.target);
  // Only the pages of the incident console follow links to evidence.
  const hasEvidence = entrance.stack === 'CordonConsole';
  const config = localConfig(await configOf(connection, target), { hasEvidence });
  return { ...entrance, target, config };
};

const resourcesOf = async (
  client: CloudFormationClient,
  stack: string,
): Promise<readonly EntranceResource[]> => {
  const listed: StackResourceSummary[] = [];
  const pages = paginateListStackResources({ client }, { StackName: stack });
  for await (const { StackResourceSummaries = [] } of pages) listed.push(...StackResourceSummaries);
  return listed.flatMap(({ LogicalResourceId: id, ResourceType, PhysicalResourceId }) => {
    const kind = kinds[ResourceType ?? ''];
    return kind && id && PhysicalResourceId ? [{ id, kind, physicalId: PhysicalResourceId }] : [];
  });
};

/** Every distribution and every API of the deployed stacks, in the order of the stacks' names. */
export const openEntrances = async (connection: Connection): Promise<readonly Entrance[]> => {
  const client = new CloudFormationClient(clientConfig(connection));
  // A stack of another region has neither pages nor APIs.
  const stacks = Object.keys(connection.outputs).filter((name) => !/^CordonForward-/.test(name));
  const entrances = await Promise.all(
    stacks.sort().map(async (stack) => {
      const resources = await resourcesOf(client, stack);
      const named = entranceNames(stack, resources);
      return Promise.all(
        resources.map(({ id, kind, physicalId: target }) =>
          openEntrance(connection, { name: named.get(id) ?? nameOf(stack), kind, stack, target }),
        ),
      );
    }),
  );
  return entrances.flat();
};
