// The application as `cordon up` deploys it, alone on an engine, with somebody to sign in as.
import { localAddress } from '../../../local/app/address.ts';
import { callApi } from '../../../local/app/call.ts';
import { makeUser, type UserName } from '../../../local/app/users.ts';
import type { KeyedEngine } from '../../../local/engine/clients.ts';
import { deploy } from '../../../local/engine/deploy.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { Engine } from '../../../local/engine/start.ts';
import { localPlace } from '../../../local/place.ts';
import type { Outputs } from '../../../operator/place.ts';
import { output, type Place } from '../../../operator/place.ts';
import { deployEngine } from '../../support/deploy-engine.ts';
import { borrowed } from '../../support/engine/deployed.ts';

export interface Call {
  readonly token?: string | null;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; `undefined` where it is none. */
  readonly json: unknown;
}

export interface DeployedApp extends KeyedEngine {
  readonly engine: Pick<Engine, 'endpoint' | 'rootKey' | 'port' | 'runDir'>;
  readonly place: Place;
  readonly assembly: string;
  readonly outputs: Outputs;
  /** Access tokens of the two users. */
  readonly tokens: Readonly<Record<UserName, string>>;
  /** An output of the stack. */
  readonly output: (name: string) => string;
  /** A new user and an access token of theirs. */
  readonly join: (email: string, as: UserName) => Promise<string>;
  readonly call: (method: string, path: string, options?: Call) => Promise<Answer>;
}

/** Everything that its engine wrote or started is gone after `stop`. */
export interface OwnApp extends DeployedApp {
  readonly engine: Engine;
}

type Deployment = Pick<DeployedApp, 'engine' | 'outputs' | 'assembly'>;

/** The deployment with two users, whose addresses are at the domain. */
const withUsers = async <T extends Deployment>(
  deployment: T,
  domain: string,
): Promise<DeployedApp & T> => {
  const { engine, outputs } = deployment;
  const { endpoint, rootKey, port, runDir } = engine;
  const local = { endpoint, rootKey, port, runDir };
  const place = localPlace({ ...local, account: ACCOUNT, region: REGION, outputs });
  const enter = async (email: string, as: UserName) =>
    (await makeUser(place, email, as)).accessToken;
  const [administrator, standard] = await Promise.all([
    enter(`administrator@${domain}`, 'administrator'),
    enter(`standard@${domain}`, 'standard'),
  ]);
  const base = localAddress(output(place, 'CordonProtectedApp', 'ApiUrl'), endpoint);
  return {
    ...deployment,
    endpoint,
    rootKey,
    place,
    tokens: { administrator, standard },
    output: (name) => output(place, 'CordonProtectedApp', name),
    join: enter,
    call: caller(base),
  };
};

/** What a file may want besides the application as it is by default. */
interface AppWishes {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Stacks that are deployed after that of the application. */
  readonly also?: readonly string[];
}

/** The application on an engine of a file's own. */
export const deployedApp = async ({ config, also = [] }: AppWishes = {}): Promise<OwnApp> => {
  const deployment = await deployEngine({
    only: 'CordonProtectedApp',
    ...(config && { config }),
  });
  const { engine, assembly } = deployment;
  try {
    const more = [];
    for (const only of also) more.push(await deploy(assembly, { ...engine, only }));
    const outputs = Object.assign({}, deployment.outputs, ...more);
    return await withUsers({ ...deployment, outputs }, 'example.com');
  } catch (error) {
    await engine.stop();
    throw error;
  }
};

/**
 * The application that other files use too. The users are the file's own, and so is everything that
 * belongs to them.
 */
export const borrowedApp = async (file: string): Promise<DeployedApp> => {
  const { engine, outputs, assembly } = await borrowed('app');
  return withUsers({ engine, outputs, assembly }, `${file}.example.com`);
};

const caller =
  (base: string): DeployedApp['call'] =>
  async (method, path, { token = null, body, headers } = {}) => {
    const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const answer = await callApi(base, {
      method,
      path,
      token,
      body: sent,
      ...(headers && { headers }),
    });
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.body,
      json: jsonOf(answer.body),
    };
  };

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
