// Row 9 of the intruder: whatever changes Cordon, or tries to, is told by mail, and changes nothing
// of an incident that is contained.
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { ListAliasesCommand } from '@aws-sdk/client-kms';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { type ReceivedMail, readInbox } from '../../../local/inbox.ts';
import { toldTampering } from '../../../responders/incident/own-state.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { caller } from '../../support/engine/keys.ts';
import { eventually } from '../adapter/world.ts';
import { awaited, type Desk, deskOf, incidentAbout } from './case.ts';
import { type Clients, clientsOf } from './clients.ts';
import { evidenceNow, expectEvidence } from './evidence.ts';
import { type Targets, tampering } from './tampering.ts';

const nothing = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }],
};

let cordon: Deployed;
let root: Clients;

const ruleLike = async (part: string): Promise<string> => {
  const { Rules = [] } = await root.events.send(new ListRulesCommand({}));
  return Rules.find(({ Name = '' }) => Name.includes(part))?.Name ?? '';
};

/** The mails since a moment of the inbox, in which one line or another holds each text. */
const mailsWith = (since: number, texts: readonly string[]): Promise<readonly ReceivedMail[]> =>
  eventually(
    async () => readInbox(cordon.engine.runDir).slice(since),
    (mails) => {
      const said = mails.map(({ subject, body }) => `${subject}\n${body}`).join('\n');
      return texts.every((text) => said.includes(text));
    },
    120,
  );
const wavesOf = <T>(calls: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(calls.length / size) }, (_none, wave) =>
    calls.slice(wave * size, (wave + 1) * size),
  );
const inboxSize = (): number => readInbox(cordon.engine.runDir).length;

const targets = async (): Promise<Targets> => {
  const topic = outputOf(cordon, 'TopicArn');
  const { Subscriptions = [] } = await root.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: topic }),
  );
  const { QueueUrls = [] } = await root.sqs.send(new ListQueuesCommand({}));
  const { Aliases = [] } = await root.kms.send(new ListAliasesCommand({}));
  return {
    rule: await ruleLike('FindingRulesFindings'),
    machine: outputOf(cordon, 'IncidentMachineArn'),
    topic,
    subscription: Subscriptions[0]?.SubscriptionArn ?? '',
    queueUrl: QueueUrls.find((url) => url.includes('RuleDeadLetters')) ?? '',
    key: Aliases.find(({ AliasName }) => AliasName === 'alias/cordon/cases')?.TargetKeyId ?? '',
    bucket: outputOf(cordon, 'EvidenceBucketName'),
    table: outputOf(cordon, 'CaseTableName'),
    policy: outputOf(cordon, 'QuarantineRolePolicyArn'),
  };
};

let desk: Desk;
/** Contained and reported before anything is tried. */
let incident: string;
let evidence: Readonly<Record<string, string>>;
beforeAll(async () => {
  cordon = await borrowed();
  root = clientsOf(cordon);
  desk = await deskOf(cordon);
  incident = (await incidentAbout(desk, 'tampering-victim')).id;
  await awaited(desk, incident, 'reported', ({ mails }) =>
    mails.some(({ kind }) => kind === 'report1'),
  );
  await expectEvidence(desk, incident, 'function/configuration.json');
  evidence = await evidenceNow(desk, incident);
}, 240_000);

describe('row 9: an intruder without rights', () => {
  it('is told for each kind of call that is denied, by name and address', async () => {
    const keys = await caller(cordon, 'tampering-in-vain', nothing);
    const [as, on, began] = [clientsOf(cordon, keys), await targets(), inboxSize()];
    const refused: string[] = [];

    // One mail names at most 20 notices and counts the others.
    for (const wave of wavesOf(Object.entries(tampering), 10)) {
      const since = inboxSize();
      for (const [name, send] of wave)
        await send(as, on, clientConfig(cordon, keys)).catch(() => refused.push(name));
      await mailsWith(
        since,
        wave.map(([name]) => `attacked in vain: ${name}`),
      );
    }

    expect(refused).toEqual(Object.keys(tampering));
    const mails = readInbox(cordon.engine.runDir).slice(began);
    const text = mails.map(({ body }) => body).join('\n');
    expect(text).toContain('assumed-role/tampering-in-vain/caller from 127.0.0.1');
    const told = await toldTampering(desk.table, 500);
    const own = told.filter(({ caller: by }) => by.includes('tampering-in-vain'));
    const kept = (name: string) => own.some(({ call }) => call.startsWith(name));
    expect(Object.keys(tampering).filter((name) => !kept(name))).toEqual([]);
    expect(own.filter(({ result }) => result === 'done')).toEqual([]);
  });

  it('is told once for 200 calls of one kind', async () => {
    const keys = await caller(cordon, 'tampering-often', nothing);
    const [{ events }, { rule }, since] = [clientsOf(cordon, keys), await targets(), inboxSize()];

    for (let call = 0; call < 200; call += 1)
      await events.send(new DisableRuleCommand({ Name: rule })).catch(() => undefined);
    // Whatever comes after it in the mails has been told when this is.
    await events.send(new DeleteRuleCommand({ Name: rule })).catch(() => undefined);

    const mails = await mailsWith(since, ['events:DeleteRule', 'events:DisableRule']);
    const told = mails.flatMap(({ subject, body }) => [subject, ...body.split('\n')]);
    const by = told.filter((line) => line.includes('assumed-role/tampering-often'));
    expect(by).toHaveLength(2);
  });
});

describe('row 9: a caller who may change what tells of changes', () => {
  const changing = async (name: string, change: (as: Clients) => Promise<unknown>) => {
    const everything = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['events:*', 'sns:*'], Resource: '*' }],
    };
    const since = inboxSize();
    await change(clientsOf(cordon, await caller(cordon, name, everything)));
    return since;
  };

  it('is told by the second rule, where the first was disabled', async () => {
    const Name = await ruleLike('TamperWatchRule');
    const since = await changing('disables-the-watch', ({ events }) =>
      events.send(new DisableRuleCommand({ Name })),
    );

    const mails = await mailsWith(since, ['DisableRule of events.amazonaws.com']);
    await root.events.send(new EnableRuleCommand({ Name }));

    const mail = mails.find(({ body }) => body.includes('DisableRule of events'));
    expect(mail?.body).toContain('was itself CHANGED');
    expect(mail?.body).toContain('assumed-role/disables-the-watch/caller');
  });

  it('is told by the first rule, where the second was disabled', async () => {
    const Name = await ruleLike('TamperWatchGuard');
    const since = await changing('disables-the-guard', ({ events }) =>
      events.send(new DisableRuleCommand({ Name })),
    );

    const mails = await mailsWith(since, [
      `was CHANGED: events:DisableRule on ${Name}`.slice(0, 80),
    ]);
    await root.events.send(new EnableRuleCommand({ Name }));

    const text = mails.map(({ subject, body }) => `${subject}\n${body}`).join('\n');
    expect(text).toContain('assumed-role/disables-the-guard/caller');
  });
});

it('row 9: what is contained stays contained, and its evidence is what it was', async () => {
  const { head, actions } = await readCase(desk.table, incident);
  expect(head.state).toBe('contained');
  expect(actions.filter(({ outcome }) => outcome !== 'contained')).toEqual([]);
  expect(await evidenceNow(desk, incident)).toEqual(evidence);
});
