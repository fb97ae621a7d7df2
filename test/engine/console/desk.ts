// The console of a deployment, as its people reach it over HTTP with a client of our own.
import { randomUUID } from 'node:crypto';
import { localAddress } from '../../../local/app/address.ts';
import { callApi } from '../../../local/app/call.ts';
import { enterConsole } from '../../../local/console/users.ts';
import type { ConsoleGroup } from '../../../operator/console-users.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { output } from '../../../operator/place.ts';
import { jsonIn } from '../../../responders/shared/json.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import type { Deployed } from '../../support/engine/deployed.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { signedByPool } from '../app/tokens.ts';
import { type Desk, deskOf } from '../intruder/case.ts';

export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly text: string;
}

export interface ConsoleCall {
  readonly token?: string | null;
  readonly body?: unknown;
  /** Sent as it is, instead of a body in JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ConsoleDesk extends Desk {
  /** Makes a person, and gives the token of a sign-in of just now. */
  readonly enter: (name: string, ...groups: readonly ConsoleGroup[]) => Promise<string>;
  readonly call: (method: string, path: string, call?: ConsoleCall) => Promise<ConsoleAnswer>;
  /** A token with other claims, signed with the key of the pool. */
  readonly resigned: (token: string, claims: Readonly<Record<string, unknown>>) => string;
}

export const consoleDeskOf = async (cordon: Deployed): Promise<ConsoleDesk> => {
  const desk = await deskOf(cordon);
  const { place } = desk;
  const { endpoint, runDir } = cordon.engine;
  const base = localAddress(output(place, 'CordonConsole', 'ConsoleApiUrl'), endpoint);
  const poolId = output(place, 'CordonConsole', 'ConsoleUserPoolId');
  return {
    ...desk,
    enter: async (name, ...groups) => (await enterConsole(place, name, groups)).tokens.accessToken,
    call: async (method, path, { token = null, body, text, headers } = {}) => {
      const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
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
        json: jsonIn(answer.body),
        text: answer.body,
      };
    },
    resigned: (token, claims) => signedByPool({ runDir, poolId }, token, claims),
  };
};

/** A drill about a new function: its evidence is sealed after seconds, and a real one's later. */
export const drillAbout = async (
  desk: Desk,
  functionName: string,
): Promise<{ readonly id: string; readonly roleName: string }> => {
  const tags = { 'cordon:drill': 'allowed' };
  const roleName = `${functionName}-role`;
  const roleArn = await makeRole(desk.cordon, roleName, { tags });
  await makeFunction(desk.cordon, functionName, roleArn, { tags });
  const detail = findingAbout(
    { functionName, roleName, roleArn },
    randomUUID().replaceAll('-', ''),
  );
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'drills', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  return { id: injected.incident.head.id, roleName };
};
