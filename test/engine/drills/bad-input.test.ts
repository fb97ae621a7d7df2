import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  LambdaClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AccountState, differences } from '../../../game-day/account-state.ts';
import { canariesOf } from '../../../game-day/canaries.ts';
import type { FindingDetail } from '../../../game-day/findings.ts';
import { assume, clientConfig } from '../../../local/engine/clients.ts';
import { readInbox } from '../../../local/inbox.ts';
import { caseTable } from '../../../operator/cases.ts';
import { type Bus, findingType, putEvent } from '../../../operator/event-bus.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { holdsWithin, until } from '../../../operator/wait.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import type { Table } from '../../../responders/incident/table.ts';
import { badCases } from './bad-cases.ts';
import { type CordonUp, cordonUp, meanwhile } from './cordon-up.ts';
import { changed, findings } from './events.ts';
import { callsOfCordon, failedExecutions, flashMails, wholeAccount } from './world.ts';

let up: CordonUp;
let table: Table;
let before: AccountState;
beforeAll(async () => {
  up = await cordonUp();
  [table, before] = [await caseTable(up.place), await wholeAccount(up)];
});
const bad = new Map<string, { readonly found: Case; readonly mails: readonly string[] }>();
/**
 * All of them first, some at a time: alone each would wait for the machine. What came of each is
 * looked at below.
 */
beforeAll(async () => {
  const waiting = [...badCases];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const found = await inject(next.detail(findings(up.place)), next.bus);
      bad.set(next.name, { found, mails: await flashMails(up, found.head.id) });
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
});
afterAll(() => up.stop());

const inject = async (detail: FindingDetail, bus: Bus = 'default') => {
  const traced = await injectEvent(
    up.place,
    table,
    bus,
    { detailType: findingType, detail },
    { within: 120_000 },
  );
  if ('refused' in traced) throw new Error(traced.refused);
  return traced.incident;
};

/**
 * Where it took too long to find out who else uses the role, one function was stopped first: then
 * the watch has to widen that.
 */
const known = ({ head: { id } }: Case): Promise<Case> =>
  until(
    async () => {
      const found = await readCase(table, id);
      return found.actions.some(({ responder }) => responder === 'contain.quarantine-role')
        ? found
        : undefined;
    },
    { within: 120_000, timeoutMessage: `${id}: nobody has found out who uses the role` },
  );

/** A release leaves earlier sessions denied; here the account has to be as it was. */
const ofEverything = { reason: 'a test', letSessionsLive: true };
const asBefore = async () => expect(differences(before, await wholeAccount(up))).toEqual([]);

/** Contained because the policy says so: looked at, and put back whatever the look has shown. */
const containedAndReleased = async (
  detail: FindingDetail,
  look: (found: Case) => Promise<void>,
): Promise<void> => {
  const found = await inject(detail);
  try {
    expect(found.head).toMatchObject({ state: 'contained', decision: { kind: 'contain' } });
    await look(found);
  } finally {
    expect((await releaseIncident(up.place, found, ofEverything)).released).toBe(true);
  }
  await asBefore();
};

const trustOf = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
});

/** What every name that Cordon asks AWS about must look like. */
const safe = /^[\w+=,.@-]{1,64}$/;

it.each(badCases)('$name: told, and nothing is contained', ({ name, kind = 'notify', why }) => {
  const { found, mails } = bad.get(name) ?? {};

  expect(found?.head.decision).toEqual({ kind, reason: expect.stringMatching(why) });
  expect(found?.head.decision.reason).toMatch(/^[\x20-\x7e’…]{10,500}$/);
  expect([found?.actions, found?.befores]).toEqual([[], []]);
  expect(mails).toHaveLength(1);
});

it('after all of these the account is as it was, and no execution has failed', async () => {
  await asBefore();
  expect(await failedExecutions(up)).toEqual([]);
});

it('until here Cordon has written nothing to IAM and Lambda, and asked about nothing but valid names', async () => {
  const calls = await callsOfCordon(up, 0);

  expect(calls.length).toBeGreaterThan(10);
  expect(calls.filter(({ reads }) => !reads)).toEqual([]);
  expect(calls.flatMap(({ about }) => about).filter((name) => !safe.test(name))).toEqual([]);
});

it.each([7, 8.9, 10])(
  'severity %d is contained, because the policy says so, and released again',
  (severity) =>
    containedAndReleased(
      changed(findings(up.place).beacon, 'severity', severity),
      async ({ head }) => {
        expect(head.finding.severity).toBe(severity);
        const explained = await up.cordon(['policy', 'explain', head.id, '--json']);
        const { decision, rules } = JSON.parse(explained.stdout);
        expect(decision).toEqual({ ...head.decision, observed: false });
        expect(rules).toContainEqual({ rule: 'proof', said: null });
        expect(rules).toContainEqual({ rule: 'finding type', said: null });
      },
    ),
);

it('a title full of quotes, braces, NUL and bidi is contained, told in plain characters and released', () => {
  const title = 'a "quote" } {{x}} <b> \u0000 \u202E \r\nBcc: x@example.com %0d ${jndi:x}';
  return containedAndReleased(
    changed(findings(up.place).beacon, 'title', title),
    async ({ head }) => {
      expect(head.finding.title).toBe(title);
      expect((await up.cordon(['show', head.id])).stdout).toMatch(/^[\x20-\x7e\n’…−]+$/);
      expect(await flashMails(up, head.id)).toEqual([expect.stringMatching(/^[\x20-\x7e]{1,99}$/)]);
    },
  );
});

it('a role with a path is found by its name, contained and released', async () => {
  const [iam, lambda] = [
    new IAMClient(clientConfig(up.connection)),
    new LambdaClient(clientConfig(up.connection)),
  ];
  const { culprit: FunctionName, sharedRole } = canariesOf(up.place);
  const named = { RoleName: 'culprit-with-a-path' };
  const AssumeRolePolicyDocument = JSON.stringify(trustOf({ Service: 'lambda.amazonaws.com' }));
  const { Role } = await iam.send(
    new CreateRoleCommand({ ...named, Path: '/team/app/', AssumeRolePolicyDocument }),
  );
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Role: Role?.Arn }));
  const found = await known(
    await inject(changed(findings(up.place).beacon, 'resource.lambdaDetails.role', Role?.Arn)),
  );
  const released = await releaseIncident(up.place, found, ofEverything);
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      Role: `arn:aws:iam::000000000000:role/${sharedRole}`,
    }),
  );
  await iam.send(new DeleteRoleCommand(named));

  expect(found.head).toMatchObject({
    state: 'contained',
    suspect: { roleName: named.RoleName, sharing: 'sole' },
  });
  expect(found.actions).toContainEqual(
    expect.objectContaining({ responder: 'contain.quarantine-role', target: named.RoleName }),
  );
  expect(released.released).toBe(true);
  await asBefore();
});

it('the same event ten times at once is one incident, contained once and told once', async () => {
  const { beacon } = findings(up.place);
  await Promise.all(
    Array.from({ length: 9 }, () =>
      putEvent(up.place, 'default', { detailType: findingType, detail: beacon }),
    ),
  );

  await containedAndReleased(beacon, async ({ head }) => {
    expect(head.round).toBe(1);
    expect(await flashMails(up, head.id)).toHaveLength(1);
  });
});

it('a drill about a function without the drill tag is told only', async () => {
  const { beacon } = findings(up.place);
  const lambda = new LambdaClient(clientConfig(up.connection));
  const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:canary-culprit';
  await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['cordon:drill'] }));

  const tag = () =>
    lambda.send(new TagResourceCommand({ Resource, Tags: { 'cordon:drill': 'allowed' } }));
  const { head } = await meanwhile(() => inject(beacon, 'drills'), tag);

  expect(head.decision).toEqual({
    kind: 'notify',
    reason: expect.stringContaining('cordon:drill=allowed'),
  });
  await asBefore();
});

it('256 KiB go to the dead-letter queue with the reason, and to no incident', async () => {
  const detail = changed(findings(up.place).beacon, 'description', 'x'.repeat(256 * 1024));

  const traced = await injectEvent(
    up.place,
    table,
    'default',
    { detailType: findingType, detail },
    { within: 120_000 },
  );

  expect(traced).toEqual({
    eventId: expect.any(String),
    refused: expect.stringMatching(/dead-letter queue.*larger than 262144/),
  });
  const alarmed = async () =>
    readInbox(up.connection.runDir).some(({ subject }) => /^ALARM: .*DeadLetters/.test(subject));
  expect(await holdsWithin(alarmed, 120_000)).toBe(true);
  await asBefore();
});

it.each(['not JSON', '{"half":', '[]', '"text"', '7', 'null'])(
  'a detail that is %s is refused at the door',
  async (Detail) => {
    const events = new EventBridgeClient(clientConfig(up.connection));

    const { FailedEntryCount, Entries } = await events.send(
      new PutEventsCommand({
        Entries: [{ Source: 'aws.guardduty', DetailType: findingType, Detail }],
      }),
    );

    expect([FailedEntryCount, Entries?.[0]?.ErrorCode]).toEqual([1, 'MalformedDetail']);
  },
);

it('a role cannot say that it is GuardDuty, and only the drill role can drill', async () => {
  const iam = new IAMClient(clientConfig(up.connection));
  const trust = trustOf({ AWS: '*' });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'intruder',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  const allow = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'events:*', Resource: '*' }],
  };
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'intruder',
      PolicyName: 'Put',
      PolicyDocument: JSON.stringify(allow),
    }),
  );
  const events = new EventBridgeClient(
    clientConfig(up.connection, await assume(up.connection, Role?.Arn ?? '', 'x')),
  );
  const entry = { DetailType: findingType, Detail: JSON.stringify(findings(up.place).beacon) };

  const real = await events.send(
    new PutEventsCommand({ Entries: [{ ...entry, Source: 'aws.guardduty' }] }),
  );
  const drill = events.send(
    new PutEventsCommand({
      Entries: [{ ...entry, Source: 'cordon.drill', EventBusName: 'cordon-drills' }],
    }),
  );

  expect(real.Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
  await expect(drill).rejects.toThrow(/AccessDenied|not authorized/);
});

it('nothing of this has made an execution fail', async () => {
  expect(await failedExecutions(up)).toEqual([]);
});
