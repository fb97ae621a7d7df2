// The application as `cordon up` deploys it, alone on an engine of its own, with somebody to sign
// in as.
import { join } from 'node:path';
import { localAddress } from '../../../local/app/address.ts';
import { callApi } from '../../../local/app/call.ts';
import { makeUser, signIn, type UserName } from '../../../local/app/users.ts';
import { deploy } from '../../../local/engine/deploy.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { Engine } from '../../../local/engine/start.ts';
import { synth } from '../../../local/engine/synth.ts';
import { localPlace } from '../../../local/place.ts';
import type { Outputs } from '../../../operator/place.ts';
import { output, type Place } from '../../../operator/place.ts';
import { engineAlone } from '../../support/engine/deployed.ts';

const root = join(import.meta.dirname, '../../..');

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

export interface DeployedApp {
  readonly engine: Engine;
  readonly endpoint: string;
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

/** Deploys the stack of the application and nothing else. */
export const deployedApp = async (): Promise<DeployedApp> => {
  const made = synth({ root, env: process.env });
  const engine = await engineAlone();
  try {
    const { assembly } = await made;
    const outputs = await deploy(assembly, {
      endpoint: engine.endpoint,
      only: 'CordonProtectedApp',
    });
    const place = localPlace({ ...engine, account: ACCOUNT, region: REGION, outputs });
    const enter = async (email: string, as: UserName) =>
      signIn(place, await makeUser(place, email, as));
    const [administrator, standard] = await Promise.all([
      enter('administrator@example.com', 'administrator'),
      enter('standard@example.com', 'standard'),
    ]);
    const base = localAddress(output(place, 'CordonProtectedApp', 'ApiUrl'), engine.endpoint);
    return {
      engine,
      endpoint: engine.endpoint,
      place,
      assembly,
      outputs,
      tokens: { administrator, standard },
      output: (name) => output(place, 'CordonProtectedApp', name),
      join: enter,
      call: caller(base),
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
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
