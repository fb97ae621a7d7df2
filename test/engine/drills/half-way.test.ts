import { rmSync, writeFileSync } from 'node:fs';
import {
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  DeleteGroupCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  type UpdateFunctionCodeCommandOutput,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDrill } from '../../../game-day/drill.ts';
import { unzip } from '../../../game-day/unzip.ts';
import { addressFile } from '../../../local/app/address.ts';
import { userGroups } from '../../../local/app/users.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { output } from '../../../operator/place.ts';
import { type CordonUp, cordonUp, meanwhile } from './cordon-up.ts';

let up: CordonUp;
let lambda: LambdaClient;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  up = await cordonUp();
  const config = clientConfig(up.connection);
  [lambda, cognito] = [new LambdaClient(config), new CognitoIdentityProviderClient(config)];
});
afterAll(() => up.stop());

const named = (name: string): string => output(up.place, 'CordonProtectedApp', name);

const code = async (): Promise<{ readonly sha256: string | undefined; readonly zip: Buffer }> => {
  const { Code, Configuration } = await lambda.send(
    new GetFunctionCommand({ FunctionName: named('ProductServiceFunctionName') }),
  );
  const answer = await fetch(Code?.Location ?? '');
  return { sha256: Configuration?.CodeSha256, zip: Buffer.from(await answer.arrayBuffer()) };
};
const deploy = (ZipFile: Buffer): Promise<UpdateFunctionCodeCommandOutput> =>
  lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: named('ProductServiceFunctionName'), ZipFile }),
  );

const drillUsers = async (): Promise<readonly (string | undefined)[]> => {
  const { Users = [] } = await cognito.send(
    new ListUsersCommand({ UserPoolId: named('UserPoolId') }),
  );
  return Users.map(
    ({ Attributes = [] }) => Attributes.find(({ Name }) => Name === 'email')?.Value,
  ).filter((one) => one?.startsWith('drill-'));
};

/** What stands in the way of the attack, when it has already made or changed something. */
const obstacles = {
  'a user cannot be put into a group': {
    put: () =>
      cognito.send(
        new DeleteGroupCommand({ UserPoolId: named('UserPoolId'), GroupName: userGroups.standard }),
      ),
    remove: () =>
      cognito.send(
        new CreateGroupCommand({ UserPoolId: named('UserPoolId'), GroupName: userGroups.standard }),
      ),
    why: /group/i,
  },
  'the code has a backdoor of another drill': {
    put: async () =>
      deploy(
        zipOf([...unzip((await code()).zip), { name: 'original.mjs', data: Buffer.from('1;') }]),
      ),
    remove: async () =>
      deploy(zipOf(unzip((await code()).zip).filter(({ name }) => name !== 'original.mjs'))),
    why: /still has the backdoor .* put its own code back/,
  },
  'the API does not answer': {
    put: async () =>
      writeFileSync(
        addressFile(up.connection.runDir),
        JSON.stringify({ url: 'http://127.0.0.1:9' }),
      ),
    remove: async () => rmSync(addressFile(up.connection.runDir)),
    why: /nothing answers/,
  },
} as const;

describe('an attack on ProductService that fails half-way leaves nothing behind', () => {
  it.each(Object.entries(obstacles))('because %s', async (_name, { put, remove, why }) => {
    await put();
    const before = (await code()).sha256;

    const drill = async () => {
      const result = await runDrill('product-service-backdoor', {
        connection: up.connection,
        progress: () => undefined,
      });
      return { result, after: (await code()).sha256 };
    };
    const { result, after } = await meanwhile(drill, remove);

    expect(result).toMatchObject({ passed: false, restored: true, incidentId: '' });
    expect(result.checks).toContainEqual({
      name: 'the drill ran to its end',
      passed: false,
      detail: expect.stringMatching(why),
    });
    expect(await drillUsers()).toEqual([]);
    expect(after).toBe(before);
  });
});
