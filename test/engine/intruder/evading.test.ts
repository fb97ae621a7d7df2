import { CreatePolicyCommand, GetRoleCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionConcurrencyCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandAndControl, credentialExfiltration } from '../../../game-day/findings.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { slots } from '../../../responders/contain/slots.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { at } from '../../../responders/shared/json.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { attach, sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { attachedTo, type Clients, clientsOf } from './clients.ts';
import { expectEvidence, expectNoEvidence } from './evidence.ts';
import { type Intruder, intruder } from './intruder.ts';

let desk: Desk;
let stranger: Intruder;
let root: Clients;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-evading');
  root = clientsOf(cordon);
});

interface Victim {
  readonly functionName: string;
  readonly roleName: string;
  readonly roleArn: string;
  /** When the activity began that GuardDuty will report. */
  readonly at: Date;
}

const victim = async (functionName: string): Promise<Victim> => {
  const roleName = `${functionName}-role`;
  const roleArn = await makeRole(desk.cordon, roleName);
  await makeFunction(desk.cordon, functionName, roleArn);
  return { functionName, roleName, roleArn, at: new Date() };
};

const where = { account: ACCOUNT, region: REGION };

const theft = async ({ functionName, roleName, at }: Victim) => {
  const { Role } = await root.iam.send(new GetRoleCommand({ RoleName: roleName }));
  const roleId = Role?.RoleId ?? '';
  const accessKeyId = 'ASIAEXAMPLEEXAMPLE12';
  return credentialExfiltration({ ...where, at, accessKeyId, roleId, roleName, functionName });
};

const beacon = ({ functionName, roleArn, at }: Victim) => {
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`;
  return commandAndControl({ ...where, at, functionName, functionArn, roleArn });
};

const reported = async (detail: object): Promise<Case> => {
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  return injected.incident;
};

/** The team is told of what was contained, and the evidence was collected. */
const expectToldWithEvidence = async (
  { head: { id } }: Pick<Case, 'head'>,
  { roleName }: Victim,
  ...texts: readonly string[]
): Promise<void> => {
  // A mail that combines several notices has no details; one of the others has.
  expect(await mailsWith(desk, id, roleName, ...texts)).not.toEqual([]);
  await expectEvidence(desk, id);
};

const reservedOf = async (FunctionName: string): Promise<number | undefined> =>
  (await root.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
    .ReservedConcurrentExecutions;

describe('row 11: the function is out of reach when the finding is judged', () => {
  it('deleted by the intruder: the stolen session is denied all the same', async () => {
    const gone = await victim('evading-deleted');
    const detail = await theft(gone);
    await stranger.clients.lambda.send(
      new DeleteFunctionCommand({ FunctionName: gone.functionName }),
    );

    const incident = await reported(detail);
    const { head } = incident;

    expect(head).toMatchObject({ state: 'contained', suspect: { gone: true } });
    // Where it was not known in time who else uses the role, the function alone is denied first.
    const whole = head.suspect?.kind === 'function' && head.suspect.sharing === 'sole';
    expect(await attachedTo(root, gone.roleName)).toContain(
      whole ? 'CordonQuarantineRole' : 'CordonQuarantineFunction',
    );
    const thief = clientsOf(
      desk.cordon,
      await sessionOf(desk.cordon, gone.roleName, gone.functionName),
    );
    expect(await verdict(() => thief.iam.send(new GetRoleCommand({ RoleName: 'x' })))).toBe(
      'denied',
    );
    expect(await verdict(() => thief.sts.send(new GetCallerIdentityCommand({})))).toBe('allowed');
    await expectToldWithEvidence(incident, gone);
  });

  it('deleted, and named without the id of its role: the older role is denied', async () => {
    const gone = await victim('evading-beacon');
    await stranger.clients.lambda.send(
      new DeleteFunctionCommand({ FunctionName: gone.functionName }),
    );
    const later = { ...gone, at: new Date(gone.at.getTime() + 2_000) };

    const incident = await reported(beacon(later));

    expect(incident.head).toMatchObject({ state: 'contained' });
    expect(await attachedTo(root, gone.roleName)).toEqual(['CordonQuarantineRole']);
    await expectToldWithEvidence(incident, gone);
  });

  it('moved to another role: the old role is denied, the new one is not touched', async () => {
    const moved = await victim('evading-moved');
    const Role = await makeRole(desk.cordon, 'evading-new-role');
    const detail = await theft(moved);
    await stranger.clients.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: moved.functionName, Role }),
    );

    const incident = await reported(detail);

    expect(incident.head).toMatchObject({ state: 'contained' });
    // Where it takes too long to list who else uses the role, its function is denied first.
    await expect
      .poll(() => attachedTo(root, moved.roleName), { timeout: 60_000 })
      .toContain('CordonQuarantineRole');
    expect(await attachedTo(root, 'evading-new-role')).toEqual([]);
    expect(await reservedOf(moved.functionName)).toBe(0);
    await expectToldWithEvidence(incident, moved);
  });

  it('moved, and named without the id of its role: a person is asked', async () => {
    const moved = await victim('evading-asked');
    const Role = await makeRole(desk.cordon, 'evading-asked-new-role');
    await stranger.clients.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: moved.functionName, Role }),
    );

    const detail = beacon(moved);
    const { head } = await reported(detail);

    expect(head).toMatchObject({ state: 'awaiting-approval', decision: { kind: 'ask' } });
    expect(await attachedTo(root, moved.roleName)).toEqual([]);
    await mailsWith(desk, head.id, 'DECISION NEEDED');
    await expectNoEvidence(desk, head.id, {
      detail: expect.objectContaining({ id: at(detail, 'id') }),
    });
  });
});

it('row 16: a function that the intruder gave the role makes it no shared role', async () => {
  const sole = await victim('evading-shared');
  await stranger.clients.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'evading-implant',
      Role: sole.roleArn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: {
        ZipFile: zipOf([{ name: 'index.mjs', data: Buffer.from('export const handler=1') }]),
      },
    }),
  );

  const { head } = await reported(beacon(sole));
  const { head: seen } = await awaited(
    desk,
    head.id,
    'found to have no older users of its role',
    ({ head: { suspect } }) => suspect?.kind === 'function' && suspect.sharing === 'sole',
  );

  expect(seen.suspect).toMatchObject({ added: ['evading-implant'] });
  expect(await attachedTo(root, sole.roleName)).toContain('CordonQuarantineRole');
  expect(await reservedOf('evading-implant')).toBe(0);
  await mailsWith(desk, head.id, 'evading-implant');
  await expectEvidence(desk, head.id, 'role/functions.json');
});

it('row 17: a critical tag that is younger than the activity does not make Cordon ask', async () => {
  const tagged = await victim('evading-critical');
  const Tags = [{ Key: 'cordon:tier', Value: 'critical' }];
  await root.iam.send(new TagRoleCommand({ RoleName: tagged.roleName, Tags }));

  const incident = await reported(beacon(tagged));
  const { head } = incident;

  expect(head).toMatchObject({ state: 'contained', decision: { kind: 'contain' } });
  expect(head.decision.reason).toContain('younger than the activity');
  await expectToldWithEvidence(incident, tagged, 'younger than the activity');
});

describe('row 17: no room is left on the role', () => {
  const failed = ({ actions }: Case): readonly (string | undefined)[] =>
    actions.filter(({ outcome }) => outcome === 'not-contained').map(({ reason }) => reason);

  it('ten policies are attached: the function is paused, and a person is told why', async () => {
    const full = await victim('evading-policies');
    const Version = '2012-10-17';
    const statement = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version, Statement: [statement] });
    for (let number = 0; number < 10; number += 1) {
      const { Policy } = await root.iam.send(
        new CreatePolicyCommand({ PolicyName: `evading-filler-${number}`, PolicyDocument }),
      );
      await attach(desk.cordon, full.roleName, Policy?.Arn ?? '');
    }

    const incident = await reported(beacon(full));

    expect(incident.head.state).toBe('partial');
    expect(failed(incident)).toEqual([expect.stringContaining('PoliciesPerRole: 10')]);
    expect(await reservedOf(full.functionName)).toBe(0);
    await expectToldWithEvidence(incident, full, 'PoliciesPerRole: 10');
  });

  it('the slots of a shared role are filled: the function is paused, and a person is told', async () => {
    const full = await victim('evading-slots');
    await makeFunction(desk.cordon, 'evading-slots-neighbour', full.roleArn);
    await root.iam.send(
      new TagRoleCommand({
        RoleName: full.roleName,
        Tags: slots.map((Key, index) => ({ Key, Value: `taken-${index}` })),
      }),
    );
    const later = { ...full, at: new Date(Date.now() + 2_000) };

    const incident = await reported(beacon(later));

    expect(incident.head.state).toBe('partial');
    expect(failed(incident)).toEqual([
      expect.stringContaining('already has 3 quarantined functions'),
    ]);
    expect(await reservedOf(full.functionName)).toBe(0);
    await expectToldWithEvidence(incident, full, 'already has 3 quarantined functions');
  });

  it('fifty tags are set on a shared role: the function is paused, and a person is told', async () => {
    const full = await victim('evading-tags');
    await makeFunction(desk.cordon, 'evading-tags-neighbour', full.roleArn);
    const Tags = Array.from({ length: 50 }, (_, number) => ({ Key: `t-${number}`, Value: 'x' }));
    await root.iam.send(new TagRoleCommand({ RoleName: full.roleName, Tags }));
    const later = { ...full, at: new Date(Date.now() + 2_000) };

    const incident = await reported(beacon(later));

    expect(incident.head.state).toBe('partial');
    expect(failed(incident)).toEqual([expect.stringContaining('TagsPerRole: 50')]);
    expect(await reservedOf(full.functionName)).toBe(0);
    await expectToldWithEvidence(incident, full, 'TagsPerRole: 50');
  });
});

it('row 21: a function with provisioned concurrency is paused, and provisioned again', async () => {
  const ready = await victim('evading-provisioned');
  const { functionName: FunctionName } = ready;
  const { Version: Qualifier } = await root.lambda.send(
    new PublishVersionCommand({ FunctionName }),
  );
  await root.lambda.send(
    new PutProvisionedConcurrencyConfigCommand({
      FunctionName,
      Qualifier,
      ProvisionedConcurrentExecutions: 3,
    }),
  );
  const provisioned = async () =>
    (
      await root.lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }))
    ).ProvisionedConcurrencyConfigs?.map(
      ({ RequestedProvisionedConcurrentExecutions: count }) => count,
    );

  const incident = await reported(beacon(ready));
  expect(incident.head.state).toBe('contained');
  expect([await reservedOf(FunctionName), await provisioned()]).toEqual([0, []]);
  await expectToldWithEvidence(incident, ready);

  await releaseIncident(desk.place, incident, { reason: 'a test' });
  expect([await reservedOf(FunctionName), await provisioned()]).toEqual([undefined, [3]]);
});
