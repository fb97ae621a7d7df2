import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isSentToLoopback, turnAway } from '../door.ts';
import type { Connection } from '../engine/connect.ts';
import { pass, passedOn } from '../forwarding.ts';
import {
  type ApiTarget,
  answerPage,
  apiAt,
  type Behind,
  listening,
  siteAddress,
  stopped,
} from '../site.ts';
import type { LocalConfig } from './config.ts';
import { type Entrance, openEntrances } from './deployed.ts';
import { passSocket } from './socket.ts';

/** A name under which a browser reaches a distribution or an API. */
export interface EntranceAddress extends Pick<Entrance, 'name' | 'kind' | 'stack'> {
  readonly url: string;
}

export interface EntranceServer {
  readonly addresses: readonly EntranceAddress[];
  readonly port: number;
  stop(): Promise<void>;
}

interface EntranceOptions {
  readonly port: number;
  /** Where the firewall of the application judges calls of its API, if it runs. */
  readonly edge?: string | undefined;
}

/** The port of all names of a run, after those of the application. */
export const entrancesPort = (enginePort: number): number => enginePort + 6;

const SHOP = 'CordonProtectedApp';

/** Where a request goes on to. */
interface EntranceTargets {
  readonly engine: URL;
  readonly region: string;
  readonly edge: string | undefined;
}

/** An API by the name that the engine knows; the firewall of the application judges its calls. */
const apiTarget = (
  { engine, edge }: EntranceTargets,
  stack: string,
  { id, path }: NonNullable<LocalConfig['api']>,
): ApiTarget =>
  stack === SHOP && edge !== undefined
    ? apiAt(edge)
    : { port: Number(engine.port), host: `${id}.execute-api.${engine.host}`, path };

const behindOf = (targets: EntranceTargets, { stack, target, config }: Entrance): Behind => ({
  engine: targets.engine,
  api: config?.api && apiTarget(targets, stack, config.api),
  distribution: target,
  hasEvidence: config?.hasEvidence === true,
  config: config?.text,
});

const passGraphql = (
  { engine }: EntranceTargets,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): void =>
  pass(request, response, {
    port: Number(engine.port),
    path: `/v1/apis/${id}/graphql`,
    headers: { ...passedOn(request), host: engine.host },
  });

/** The API decides which pages may read its answers, so their origin goes on with a call. */
const passApi = (
  targets: EntranceTargets,
  request: IncomingMessage,
  response: ServerResponse,
  { stack, target }: Entrance,
): void => {
  const { port, host } = apiTarget(targets, stack, { id: target, path: '' });
  pass(request, response, {
    port,
    path: request.url ?? '/',
    headers: { ...passedOn(request), host },
  });
};

const nameIn = ({ headers }: IncomingMessage): string =>
  (headers.host ?? '')
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/\.localhost$/, '');

/** The GraphQL API of a name: its own, or the one that its pages ask. */
const graphqlOf = ({ kind, target, config }: Entrance): string | undefined =>
  kind === 'graphql' ? target : config?.graphql;

const isGraphqlPath = ({ url = '' }: IncomingMessage): boolean => /^\/graphql(\?|$)/.test(url);

const answer = (
  entrances: readonly Entrance[],
  targets: EntranceTargets,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (!isSentToLoopback(request.headers)) return turnAway(response);
  const entrance = entrances.find(({ name }) => name === nameIn(request));
  if (entrance === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' });
    const names = entrances.map(({ name }) => `${name}.localhost`).join(', ');
    return void response.end(`No such name. There are ${names}.\n`);
  }
  if (entrance.kind === 'api') return passApi(targets, request, response, entrance);
  const graphql = graphqlOf(entrance);
  if (graphql !== undefined && isGraphqlPath(request))
    return passGraphql(targets, request, response, graphql);
  answerPage(behindOf(targets, entrance), request, response);
};

/**
 * Serves every distribution and every API of a run, each under a name of its own below `localhost`:
 * browsers lead such names to this machine and take them for secure.
 */
export const startEntrances = async (
  connection: Connection,
  { port, edge }: EntranceOptions,
): Promise<EntranceServer> => {
  const entrances = await openEntrances(connection);
  const { endpoint, region } = connection;
  const targets = { engine: new URL(endpoint), region, edge };
  const server = createServer((request, response) => answer(entrances, targets, request, response));
  server.on('upgrade', (request, socket, head) => {
    const entrance = entrances.find(({ name }) => name === nameIn(request));
    const id = entrance && graphqlOf(entrance);
    passSocket({ engine: targets.engine, region, id }, request, socket, head);
  });
  const bound = await listening(server, port);
  const addresses = entrances.map(({ name, kind, stack }) => ({
    ...{ name, kind, stack },
    url: `${siteAddress(name, bound)}${kind === 'graphql' ? '/graphql' : ''}`,
  }));
  return { addresses, port: bound, stop: () => stopped(server) };
};
