// Rows 2 to 4 of the intruder, and a wish by hand: MACs that are right in every field and signed by
// a person, made with a KMS key of another account or of another region.
import { randomUUID } from 'node:crypto';
import { ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  GetExecutionHistoryCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { containByHand } from '../../../operator/contain.ts';
import { provenDetail } from '../../../operator/drill-detail.ts';
import { endOf } from '../../../operator/executions.ts';
import type { DecidingPlace } from '../../../operator/place.ts';
import { proven } from '../../../operator/prove.ts';
import type { SdkConfig } from '../../../operator/sdk-config.ts';
import { until } from '../../../operator/wait.ts';
import { incidentOfClaim } from '../../../responders/incident/case-table.ts';
import { answerFields, releaseFields } from '../../../responders/incident/proven-fields.ts';
import { questionToken } from '../../../responders/incident/records.ts';
import { wishFields } from '../../../responders/incident/wish.ts';
import { at } from '../../../responders/shared/json.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { drillEventOf } from '../../support/engine/drill-event.ts';
import { makeWorkload } from '../../support/engine/workload.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from './case.ts';
import { clientsOf } from './clients.ts';
import { evidenceNow, expectEvidence, expectNoEvidence } from './evidence.ts';
import { type Intruder, intruder } from './intruder.ts';

const refusal = 'its proof was not made with the key of this deployment';
const otherAccount = '999988887777';
const otherRegion = 'eu-west-1';
type Origin = 'another account' | 'another region';

let desk: Desk;
let stranger: Intruder;
let abroad: Engine;
/** Where each key is, and its ARN. */
const keys = new Map<Origin, { readonly config: SdkConfig; readonly arn: string }>();

const makeKey = async (origin: Origin, config: SdkConfig): Promise<void> => {
  const { KeyMetadata } = await new KMSClient(config).send(
    new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  keys.set(origin, { config, arn: KeyMetadata?.Arn ?? '' });
};

beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-foreign-macs');
  abroad = await startEngine({ env: { MINISTACK_ACCOUNT_ID: otherAccount } });
  await makeKey('another account', abroad.client());
  await makeKey('another region', clientConfig({ ...cordon, region: otherRegion }));
});
afterAll(() => abroad?.stop());

const keyOf = (origin: Origin) => {
  const key = keys.get(origin);
  if (!key) throw new Error(`no key of ${origin}`);
  return key;
};

/** The deployment for a person whose MACs a foreign key makes; the signature is the person's own. */
const foreignPlace = (origin: Origin): DecidingPlace => {
  const { config, arn } = keyOf(origin);
  const { place } = desk;
  const foreign = { AnswerKeyArn: arn, ReleaseKeyArn: arn };
  return {
    ...place,
    outputs: {
      ...place.outputs,
      CordonResponse: { ...place.outputs.CordonResponse, ...foreign },
    },
    config: (who) => (who === 'operator' ? place.config(who) : Promise.resolve(config)),
  };
};

const start = async (machine: string, input: object): Promise<string> => {
  const { executionArn = '' } = await stranger.clients.states.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(desk.cordon, machine),
      input: JSON.stringify(input),
    }),
  );
  return executionArn;
};

const outputOfExecution = async (executionArn: string): Promise<unknown> => {
  const sfn = new SFNClient(await desk.place.config('operator'));
  const end = await until(() => endOf(sfn, executionArn), {
    within: 120_000,
    timeoutMessage: `${executionArn} has not ended`,
  });
  return end.output;
};

const stateOf = async (FunctionName: string, RoleName: string) => {
  const { iam, lambda } = clientsOf(desk.cordon);
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  const { ReservedConcurrentExecutions } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  return [
    AttachedPolicies.map(({ PolicyName }) => PolicyName).sort(),
    ReservedConcurrentExecutions,
  ];
};
const untouched = [[], undefined];

const nameOf = (what: string, origin: Origin): string =>
  `foreign-${what}-${origin.split(' ').at(-1)}`;

it('the two keys are of another account and of another region', () => {
  const places = (['another account', 'another region'] as const).map((origin) =>
    keyOf(origin).arn.split(':').slice(3, 5),
  );
  expect(places).toEqual([
    [REGION, otherAccount],
    [otherRegion, ACCOUNT],
  ]);
});

describe.each(['another account', 'another region'] as const)('a MAC of %s', (origin) => {
  it('row 2: starts no drill', async () => {
    const name = nameOf('drill', origin);
    const { roleName } = await makeWorkload(desk.cordon, name, {
      tags: { 'cordon:drill': 'allowed' },
    });
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/${roleName}`;
    const findingId = randomUUID().replaceAll('-', '');
    const finding = findingAbout({ functionName: name, roleName, roleArn }, findingId);
    const { config, arn } = keyOf(origin);
    const detail = await provenDetail(new KMSClient(config), arn, finding);
    const event = { 'detail-type': 'GuardDuty Finding', detail };

    await start('IncidentMachineArn', { event, drill: true });
    const claim = { drill: true, account: ACCOUNT, region: REGION, findingId, doubt: 'forged' };
    const id = await until(() => incidentOfClaim(desk.table, claim), {
      within: 120_000,
      every: 300,
      timeoutMessage: `no incident of ${findingId}`,
    });

    const { head } = await awaited(desk, id, 'refused', () => true);
    expect(head).toMatchObject({ state: 'forged', drill: false, decision: { kind: 'forged' } });
    expect(head.decision.reason).toContain(refusal);
    expect(await stateOf(name, roleName)).toEqual(untouched);
    await mailsWith(desk, 'Cordon FORGED finding', id);
    await expectNoEvidence(desk, id, JSON.parse(JSON.stringify(event)));
  });

  it('row 3: releases nothing', async () => {
    const name = nameOf('release', origin);
    const { id, roleName } = await incidentAbout(desk, name);
    const { head } = await awaited(
      desk,
      id,
      'contained and reported',
      (it) => it.head.state === 'contained' && it.mails.some(({ kind }) => kind === 'report1'),
    );
    const before = await stateOf(name, roleName);
    await expectEvidence(desk, id, 'function/configuration.json');
    const evidence = await evidenceNow(desk, id);

    const word = { reason: 'clean', letSessionsLive: true };
    const proof = await proven(foreignPlace(origin), 'release', (by) =>
      releaseFields(head, { ...word, by }),
    );
    const execution = await start('ReleaseMachineArn', { incidentId: id, ...word, ...proof });

    expect(await outputOfExecution(execution)).toMatchObject({ released: false, refused: refusal });
    expect(await stateOf(name, roleName)).toEqual(before);
    const after = await awaited(desk, id, 'there', () => true);
    expect(after.head).toMatchObject({ state: 'contained', release: null });
    await mailsWith(desk, `Cordon: a release was refused: ${id}`);
    expect(await evidenceNow(desk, id)).toEqual(evidence);
  });

  it('row 4: answers no question', async () => {
    const name = nameOf('answer', origin);
    const { id, roleName, detail } = await incidentAbout(desk, name, {
      'cordon:tier': 'critical',
    });
    const { head } = await awaited(desk, id, 'asked', ({ mails }) =>
      mails.some(({ kind }) => kind === 'ask'),
    );
    const word = { contain: true, reason: 'it is real' };
    const proof = await proven(foreignPlace(origin), 'answer', (by) =>
      answerFields(head, { ...word, by }),
    );
    const output = JSON.stringify({ approved: true, reason: word.reason, ...proof });
    const root = { ...desk.table, dynamo: clientsOf(desk.cordon).dynamodb };
    // A question whose mail was tried again waits with a new token, and the one before is gone.
    await until(
      async () => {
        const taskToken = await questionToken(root, id);
        return stranger.clients.states.send(new SendTaskSuccessCommand({ taskToken, output })).then(
          () => true,
          (error: unknown) => {
            if (error instanceof TaskDoesNotExist) return undefined;
            throw error;
          },
        );
      },
      { within: 120_000, timeoutMessage: `${id} takes no answer` },
    );

    await mailsWith(desk, `Cordon: an answer was refused: ${id}`);
    const after = await awaited(desk, id, 'there', () => true);
    expect([after.head.state, after.head.answers ?? []]).toEqual(['awaiting-approval', []]);
    expect(await stateOf(name, roleName)).toEqual(untouched);
    await expectNoEvidence(desk, id, {
      detail: expect.objectContaining({ id: at(detail, 'id') }),
    });
  });

  it('contains nothing by hand', async () => {
    const name = nameOf('wish', origin);
    const { roleName } = await makeWorkload(desk.cordon, name);
    const said = {
      target: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
      reason: 'it mines',
      at: Date.now(),
      nonce: randomUUID(),
    };
    const proof = await proven(foreignPlace(origin), 'contain', (by) =>
      wishFields({ ...said, by }),
    );
    const execution = await start('IncidentMachineArn', { byHand: { ...said, ...proof } });

    await outputOfExecution(execution);
    const { events = [] } = await clientsOf(desk.cordon).states.send(
      new GetExecutionHistoryCommand({ executionArn: execution }),
    );
    expect(JSON.stringify(events)).toContain(refusal);
    expect(await stateOf(name, roleName)).toEqual(untouched);
    // One mail tells of the refusals of ten minutes.
    await mailsWith(desk, 'Cordon: a containment by hand was refused');
  });
});

/** What a person or a drill may name with a right MAC, and why nothing is done about it. */
const foreignThings = [
  [
    'another account',
    { account: otherAccount, region: REGION },
    new RegExp(`it is about (account |aws/)${otherAccount}\\b.*\\b${ACCOUNT}\\b`),
  ],
  [
    'another region',
    { account: ACCOUNT, region: 'ap-south-1' },
    new RegExp(`this deployment acts in ${REGION}, ${otherRegion} only`),
  ],
] as const;

describe.each(foreignThings)('a right MAC over a function of %s', (origin, where, why) => {
  const name = nameOf('target', origin);
  let roleName = '';
  beforeAll(async () => {
    ({ roleName } = await makeWorkload(desk.cordon, name, {
      tags: { 'cordon:drill': 'allowed' },
    }));
  });

  const expectTold = async (id: string): Promise<void> => {
    const { head, actions } = await awaited(desk, id, 'told', ({ mails }) => mails.length > 0);
    expect([head.state, actions]).toEqual(['notify-only', []]);
    expect(head.decision.reason).toMatch(why);
    expect(await stateOf(name, roleName)).toEqual(untouched);
    await mailsWith(desk, id);
  };

  it('row 2: starts no drill on the one of the same name', async () => {
    const findingId = randomUUID().replaceAll('-', '');
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/${roleName}`;
    const finding = findingAbout({ functionName: name, roleName, roleArn }, findingId);
    const moved: unknown = JSON.parse(
      JSON.stringify(finding).replaceAll(ACCOUNT, where.account).replaceAll(REGION, where.region),
    );
    const event = await drillEventOf(desk.cordon, {
      'detail-type': 'GuardDuty Finding',
      detail: moved,
    });

    await start('IncidentMachineArn', { event, drill: true });
    const id = await until(
      () => incidentOfClaim(desk.table, { drill: true, ...where, findingId }),
      {
        within: 120_000,
        every: 300,
        timeoutMessage: `no incident of ${findingId}`,
      },
    );

    await expectTold(id);
  });

  it('contains nothing by hand', async () => {
    const target = `arn:aws:lambda:${where.region}:${where.account}:function:${name}`;
    const { head } = await containByHand(desk.place, desk.table, { target, reason: 'it mines' });

    await expectTold(head.id);
  });
});
