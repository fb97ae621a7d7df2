// What the larger tests do not come by: answers of AWS without a part, and inputs without a field.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ListAccessKeysCommand,
  ListRoleTagsCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { closeFunctionUrl } from '../../../../responders/contain/actions/close-function-url.ts';
import { deactivateAccessKeys } from '../../../../responders/contain/actions/deactivate-access-keys.ts';
import { denyUser } from '../../../../responders/contain/actions/deny-user.ts';
import { pauseEventSources } from '../../../../responders/contain/actions/pause-event-sources.ts';
import { arrivedAnswer } from '../../../../responders/contain/arrived-answer.ts';
import { askedRelease } from '../../../../responders/contain/asked-release.ts';
import { believedPerson } from '../../../../responders/contain/believed.ts';
import { radiusReader } from '../../../../responders/contain/blast-radius.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { judgedCopies } from '../../../../responders/contain/copies.ts';
import { provenanceFinder } from '../../../../responders/contain/provenance.ts';
import { provisionAgain, provisionedOf } from '../../../../responders/contain/provisioned.ts';
import { release } from '../../../../responders/contain/release.ts';
import { readTakenSlots } from '../../../../responders/contain/role-quarantine.ts';
import { resumeTurn, takeTurn } from '../../../../responders/contain/turn.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { answerFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import type { FunctionSuspect, Suspect } from '../../../../responders/incident/suspect.ts';
import type { JsonCall } from '../../../../responders/shared/signed-json.ts';
import {
  aFunction,
  aUser,
  aWorld,
  fakeAccount,
  functionArn,
  quarantine,
  region,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { aCase } from '../../../support/fakes/sources.ts';
import { signedBy } from '../../../support/fakes/sts.ts';

const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
const user: Suspect = { kind: 'user', userName: 'deploy' };
const orders: FunctionSuspect = {
  ...{ kind: 'function', functionName: 'orders', roleName: 'orders-role' },
  sharing: 'sole',
};

describe('the access keys of a user', () => {
  const keys = new Map<string, 'Active' | 'Inactive'>([
    ['AKIA2', 'Active'],
    ['AKIA1', 'Inactive'],
  ]);
  const account = () =>
    fakeAccount(aWorld({ users: new Map([['deploy', aUser({ keys: new Map(keys) })]]) }));

  it('are saved in one order, deactivated and put back as they were', async () => {
    const { aws, world } = account();
    const before = await deactivateAccessKeys.before('deploy', aws);
    expect(before).toEqual({
      keys: [
        { id: 'AKIA1', active: false },
        { id: 'AKIA2', active: true },
      ],
    });
    expect(await deactivateAccessKeys.holds('deploy', aws)).toBe(false);
    await deactivateAccessKeys.apply('deploy', aws);
    expect(await deactivateAccessKeys.holds('deploy', aws)).toBe(true);
    world.users.get('deploy')?.keys.set('AKIA3', 'Inactive');
    await deactivateAccessKeys.undo('deploy', before, aws);
    expect(Object.fromEntries(world.users.get('deploy')?.keys ?? [])).toEqual({
      AKIA1: 'Inactive',
      AKIA2: 'Active',
      AKIA3: 'Inactive',
    });
  });

  it('that were deleted meanwhile need nothing; another failure is told', async () => {
    const { aws, iam } = account();
    iam.on(ListAccessKeysCommand).resolves({
      AccessKeyMetadata: [{ AccessKeyId: 'AKIAGONE', Status: 'Active' }, { Status: 'Active' }],
    });
    await deactivateAccessKeys.apply('deploy', aws);
    iam.on(UpdateAccessKeyCommand).rejects(denied);
    await expect(deactivateAccessKeys.apply('deploy', aws)).rejects.toThrow('no');
    iam.on(ListAccessKeysCommand).resolves({});
    expect(await deactivateAccessKeys.before('deploy', aws)).toEqual({ keys: [] });
  });

  it('and the user can be contained by hand with a command that quotes its name', () => {
    expect(deactivateAccessKeys.byHand?.('deploy')).toContain(
      "aws iam list-access-keys --user-name 'deploy' ",
    );
    expect(denyUser.byHand?.('deploy')).toMatch(
      /^aws iam put-user-policy --user-name 'deploy' --policy-name denied-by-hand --policy-document '.*"Deny"/,
    );
  });
});

describe('answers of Lambda and IAM without a part', () => {
  it('provisioned concurrency has a qualifier and a number, or is not there', async () => {
    const { aws, lambda } = fakeAccount();
    const to = { lambda: aws.lambda, FunctionName: 'orders' };
    lambda.on(ListProvisionedConcurrencyConfigsCommand).resolves({
      ProvisionedConcurrencyConfigs: [{}, { FunctionArn: `${functionArn('orders')}:live` }],
    });
    expect(await provisionedOf(to)).toEqual({ live: 0 });
    await provisionAgain(to, { live: 0 });
    lambda.on(ListProvisionedConcurrencyConfigsCommand).resolves({});
    expect(await provisionedOf(to)).toEqual({});
  });

  it('tags, URLs and mappings are none', async () => {
    const { aws, iam, lambda } = fakeAccount();
    iam.on(ListRoleTagsCommand).resolves({} as never);
    expect([...(await readTakenSlots('orders-role', aws))]).toEqual([]);
    iam.on(ListRoleTagsCommand).resolves({ Tags: [{}, { Key: 'cordon-quarantined-1' }] } as never);
    expect([...(await readTakenSlots('orders-role', aws))]).toEqual([['cordon-quarantined-1', '']]);
    lambda.on(ListFunctionUrlConfigsCommand).resolves({});
    expect(await closeFunctionUrl.before('orders', aws)).toEqual({ open: [] });
    lambda.on(ListFunctionUrlConfigsCommand).resolves({
      FunctionUrlConfigs: [{ AuthType: 'NONE' }] as never,
    });
    expect(await closeFunctionUrl.before('orders', aws)).toEqual({ open: [{ qualifier: null }] });
    const FunctionArn = functionArn('orders');
    lambda.on(ListEventSourceMappingsCommand).resolves({
      EventSourceMappings: [{ FunctionArn }, { FunctionArn, UUID: 'u' }],
    });
    expect(await pauseEventSources.before('orders', aws)).toEqual({
      mappings: [{ uuid: 'u', enabled: true }],
    });
  });
});

describe('what a containment would touch', () => {
  const queue = 'arn:aws:sqs:eu-west-1:111122223333:queue-on';
  const radius = (
    answer: (call: JsonCall) => unknown,
    mappings: readonly object[] = [{ UUID: 'u', EventSourceArn: queue, State: 'Enabled' }],
  ) => {
    const { aws, lambda } = fakeAccount();
    lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [...mappings] });
    const callIn = () => async (call: JsonCall) => answer(call);
    return radiusReader({ aws, region, callIn, now: () => 0 });
  };

  it('is unknown where SQS gives no number, and nothing where no queue feeds the function', async () => {
    expect((await radius(() => ({}))([orders])).backlog).toBeNull();
    const others = [
      { UUID: 'a', EventSourceArn: 'arn:aws:kinesis:eu-west-1:1:stream/s', State: 'Enabled' },
      { UUID: 'b', State: 'Enabled' },
      { UUID: 'c', EventSourceArn: queue, State: 'Disabled' },
    ];
    expect((await radius(() => ({}), others)([orders])).backlog).toEqual([]);
  });

  it('is no call where the metric has none, and of a user nothing', async () => {
    const points = radius(() => ({ Datapoints: [{ Sum: 2 }, {}, { Sum: 3 }] }), []);
    expect((await points([orders])).invocations).toEqual([{ functionName: 'orders', lastHour: 5 }]);
    const nothing = { roleUsers: [], backlog: [], invocations: [], goesOn: [] };
    expect(await points([user])).toEqual(nothing);
  });

  it('is unknown, each part alone, where nobody answers', async () => {
    const failing = radius(() => Promise.reject(denied));
    const unasked = { roleUsers: [], goesOn: [] };
    expect(await failing([orders])).toEqual({ ...unasked, backlog: null, invocations: null });
    const gone = await failing([{ ...orders, functionName: 'gone' }]);
    expect([gone.backlog, gone.goesOn]).toEqual([null, null]);
    expect((await failing([{ ...orders, roleName: 'gone' }])).roleUsers).toBeNull();
  });
});

describe('a person', () => {
  const account = 'arn:aws:iam::111122223333:user/';
  const believed = async (arn: string, suspects: readonly Suspect[] = [], signer = arn) => {
    const { deps, prove } = fakeDeps();
    const head = { ...aCase().head, proposal: undefined, timeLimit: undefined };
    const fields = answerFields(head as never, { contain: true, by: arn, reason: 'r' });
    const proof = await prove('answer', fields);
    const identity = signedBy(signer, proof);
    return believedPerson('answer', fields, { proof, identity }, { suspects, deps });
  };

  it('is believed, unless the incident is about them', async () => {
    expect(await believed(`${account}anna`, [user, orders])).toMatchObject({
      arn: `${account}anna`,
    });
    expect(await believed(`${account}Deploy`, [user])).toMatchObject({ kind: 'circle' });
    expect(await believed('arn:aws:sts::111122223333:federated-user/x', [user])).toMatchObject({
      kind: 'circle',
    });
    const session = 'arn:aws:sts::111122223333:assumed-role/orders-role/x';
    expect(await believed(session, [orders])).toMatchObject({ kind: 'circle' });
    expect(await believed(session, [{ ...orders, roleName: 'other' }])).toMatchObject({
      arn: session,
    });
  });

  it('is nobody who says to be another, or whose signature nobody knows', async () => {
    expect(await believed(`${account}anna`, [], `${account}eve`)).toMatchObject({
      kind: 'foreign',
    });
  });

  it('is nobody whose session of a role of Cordon has a name that anybody could choose', async () => {
    const own = 'arn:aws:sts::111122223333:assumed-role/CordonReleaseRole-x/anna';
    expect(await believed(own)).toMatchObject({ kind: 'nameless' });
    expect(await believed(own.replace('Cordon', 'My-Cordon'))).toMatchObject({
      arn: expect.stringContaining('My-Cordon'),
    });
  });
});

describe('where a finding comes from', () => {
  const finder = (answer: unknown) => {
    const { settings, checkProof } = fakeDeps().deps;
    return provenanceFinder({ settings, checkProof, guardDuty: () => async () => answer });
  };
  const finding = parseFinding(lambdaFinding(), false);

  it('is unknown where GuardDuty’s copy cannot be read, also of an event that is none', async () => {
    const copy = { ...lambdaFinding().detail, severity: 'high' };
    for (const event of [lambdaFinding(), null])
      expect(await finder({ findings: [copy] })(finding, event)).toEqual({
        is: 'unknown',
        busy: false,
        why: expect.stringMatching(/^GuardDuty’s copy of it: detail\.severity: wanted a number/),
      });
  });

  it('is forged where a drill has no finding, or a finding no detector', async () => {
    expect(await finder({})({ ...finding, drill: true }, { detail: 'x' })).toMatchObject({
      is: 'forged',
      why: 'it is a drill without a finding',
    });
    expect(await finder({})({ ...finding, detectorId: null }, {})).toMatchObject({
      is: 'forged',
      why: 'it names no detector of GuardDuty',
    });
  });

  it('is believed of another account, partition or region, of which nothing is touched', async () => {
    const { settings, checkProof } = fakeDeps().deps;
    const nowhere = provenanceFinder({ settings, checkProof, guardDuty: () => undefined });
    expect(await nowhere(finding, {})).toEqual({ is: 'believed', finding });
    for (const over of [{ account: '999988887777' }, { partition: 'aws-cn' }]) {
      const other = { ...finding, ...over };
      expect(await finder({})(other, {})).toEqual({ is: 'believed', finding: other });
    }
  });
});

describe('copies of a function in other regions', () => {
  const world = () =>
    aWorld({ functions: new Map([['us-east-1/orders', aFunction({ tags: {} })]]) });
  const neighbour = {
    ...{ name: 'us-east-1/orders', arn: functionArn('us-east-1/orders'), changedAt: null },
  };
  const copiesOf = (settings: Parameters<typeof fakeDeps>[1] = {}, suspect = orders) => {
    const { deps } = fakeDeps(world(), { furtherRegions: ['us-east-1'], ...settings });
    const session = JSON.stringify({ detail: { resource: {} } });
    const deadlines = { factsMs: 60_000, neighboursMs: 60_000 };
    return judgedCopies(suspect, [neighbour], aCase({}, session), deadlines, deps);
  };

  it('are contained, unless configuration or tags leave them to a person', async () => {
    expect(await copiesOf()).toEqual([{ place: 'us-east-1/orders' }]);
    expect(await copiesOf({ criticalTier: [neighbour.arn] })).toEqual([
      { place: 'us-east-1/orders', left: 'the configuration lists it as critical' },
    ]);
    const neverContain = [{ arn: neighbour.arn, because: 'the way in' }];
    expect(await copiesOf({ neverContain })).toEqual([
      { place: 'us-east-1/orders', left: 'never contained: the way in' },
    ]);
  });

  it('whose tags cannot be read are left to a person', async () => {
    const { deps, account } = fakeDeps(world(), { furtherRegions: ['us-east-1'] });
    account.further.on(GetFunctionCommand).rejects(denied);
    const deadlines = { factsMs: 60_000, neighboursMs: 60_000 };
    const session = JSON.stringify({ detail: { resource: {} } });
    expect(
      await judgedCopies(orders, [neighbour], aCase({}, session), deadlines, deps),
    ).toMatchObject([{ left: expect.stringMatching(/^its tags could not be read \(/) }]);
  });

  it('that were contained stay so, also where they are gone', async () => {
    const known = { ...orders, copies: [{ place: 'us-east-1/orders' }] };
    expect(await copiesOf({ criticalTier: [neighbour.arn] }, known)).toEqual([
      { place: 'us-east-1/orders' },
    ]);
    const gone = { ...orders, copies: [{ place: 'eu-north-1/orders' }] };
    expect(await copiesOf({}, gone)).toEqual([
      { place: 'us-east-1/orders' },
      { place: 'eu-north-1/orders' },
    ]);
  });
});

describe('an answer or a release without its fields', () => {
  const asking = async () => {
    const tags = { 'cordon:tier': 'critical' };
    const known = fakeDeps(aWorld({ functions: new Map([['orders', aFunction({ tags })]]) }));
    const arrival = { event: lambdaFinding(), execution: 'first', drill: false };
    const { incidentId } = await containFinding(arrival, known.deps);
    return { ...known, incidentId };
  };

  it('is refused, and the question stays', async () => {
    const { deps, incidentId, lines } = await asking();
    expect(await arrivedAnswer({ incidentId, answer: {} }, deps)).toMatchObject({
      next: 'ask',
      refused: { what: 'answer' },
    });
    expect(await arrivedAnswer({ incidentId, execution: 'late' }, deps)).toMatchObject({
      next: 'unbelieved',
      refused: { what: 'answer' },
    });
    expect(lines.join()).toContain('answer refused');
    expect(await askedRelease({ incidentId }, deps)).toMatchObject({ released: false });
    expect((await readCase(deps.table, incidentId)).head.state).toBe('awaiting-approval');
  });

  it('that is silence waits for its time, counted from the arrival where nothing says it', async () => {
    const { deps, incidentId, clock } = await asking();
    const silent = () => arrivedAnswer({ incidentId, answer: { silent: true } }, deps);
    expect(await silent()).toMatchObject({
      refused: { what: 'silence', why: 'an answer may still come' },
    });
    clock.at += 30 * 60_000;
    expect(await silent()).toMatchObject({ state: 'unanswered' });
    const { answers } = (await readCase(deps.table, incidentId)).head;
    expect(answers).toMatchObject([{ reason: 'the question could not be asked' }]);
  });

  it('of an incident that contains nothing is told', async () => {
    const { deps, incidentId } = await asking();
    const asked = { incidentId, by: 'anna', reason: 'r', letSessionsLive: false };
    await expect(release(asked, deps)).rejects.toThrow(
      `${incidentId} is awaiting-approval: nothing was contained, so there is nothing to release`,
    );
  });

  it('of a case table that does not answer is no unknown incident', async () => {
    const { deps, incidentId } = await asking();
    const dynamo = new DynamoDBClient({ region });
    dynamo.send = () => Promise.reject(denied);
    const table = { ...deps.table, dynamo };
    await expect(askedRelease({ incidentId, by: 'anna' }, { ...deps, table })).rejects.toThrow(
      'no',
    );
  });
});

it('a turn that another run has is not taken, unless by a retry of the same execution', async () => {
  const { deps, clock } = fakeDeps();
  const arrival = { event: lambdaFinding(), execution: 'first', drill: false };
  const { incidentId } = await containFinding(arrival, deps);
  const { busyUntil: _until, ...head } = (await readCase(deps.table, incidentId)).head;
  const busy = { ...head, busyUntil: clock.at + 60_000 };
  await expect(resumeTurn(deps, busy, 1, false)).rejects.toThrow('another run is containing it');
  await expect(takeTurn(deps, busy, 1)).rejects.toThrow('another run is changing what');
  // What the table holds is newer than this head, so nothing is written over it.
  await expect(resumeTurn(deps, head, 1, true)).rejects.toThrow('another execution changed');
});

it('a release of a responder that the catalogue does not have changes nothing of it', async () => {
  const { deps, account } = fakeDeps();
  const arrival = { event: lambdaFinding(), execution: 'first', drill: false };
  const { incidentId } = await containFinding(arrival, deps);
  const catalog = deps.catalog.filter(({ id }) => id !== 'contain.quarantine-role');
  const asked = { incidentId, by: 'anna', reason: 'r', letSessionsLive: true };
  await expect(release(asked, { ...deps, catalog })).rejects.toThrow(
    'before-record of contain.quarantine-role: wanted a responder of the catalogue',
  );
  expect(account.world.roles.get('orders-role')?.attached.has(quarantine.role)).toBe(true);
});
