// The second channel, against a real receiver that answers, fails, is slow, redirects and is away.
import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookOutcome } from '../../../cli/doctor/checks-webhook.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { until } from '../../../operator/wait.ts';
import { redriveNotice, webhookLetters } from '../../../operator/webhook-letters.ts';
import { jsonIn } from '../../../responders/shared/json.ts';
import { signatureOf } from '../../../responders/webhook/deliver.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { verdict } from '../../support/engine/keys.ts';
import {
  type Behaviour,
  type Receiver,
  setWebhook,
  startReceiver,
} from '../../support/engine/receiver.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from '../intruder/case.ts';
import { intruder } from '../intruder/intruder.ts';

let cordon: OwnDeployed;
let desk: Desk;
let receiver: Receiver;
let sqs: SQSClient;
/** What `cordon doctor` says before the secret has a value. */
let doctorBefore: Awaited<ReturnType<typeof webhookOutcome>>;
const key = randomBytes(32).toString('hex');

beforeAll(async () => {
  cordon = await deployed({ channels: { webhook: true } });
  desk = await deskOf(cordon);
  receiver = await startReceiver(cordon.engine.port + 8);
  sqs = new SQSClient({ ...clientConfig(cordon), useQueueUrlAsEndpoint: false });
  doctorBefore = await webhookOutcome(desk.place);
  await setWebhook(cordon, { url: receiver.url, key });
  // The tries come at once: what is tested is how many there are, and not how far apart.
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: outputOf(cordon, 'WebhookQueueUrl'),
      Attributes: { VisibilityTimeout: '1' },
    }),
  );
});
afterAll(async () => {
  await receiver?.stop();
  await cordon?.engine.stop();
});

const requestsAbout = (text: string) => receiver.requests.filter(({ body }) => body.includes(text));

const requestAbout = (text: string) =>
  until(async () => requestsAbout(text)[0], {
    within: 120_000,
    every: 200,
    timeoutMessage: `the webhook heard nothing about ${text}`,
  });

it('is named by cordon doctor while its secret is empty, and where it is not deployed', async () => {
  expect(doctorBefore).toEqual({
    detail: 'its secret is empty, so it is told nothing',
    fix: expect.stringContaining('docs/operations.md'),
  });
  expect(await webhookOutcome(desk.place)).toEqual({ detail: 'its secret has a value' });
  expect(await webhookOutcome({ ...desk.place, outputs: {} })).toEqual({ detail: 'not deployed' });
});

it('tells what is contained: signed, with a way to look and no way to decide', async () => {
  const functionName = 'webhook-victim-AKIAQQQQQQQQQQQQQQQQ';
  const { id } = await incidentAbout(desk, functionName);
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');

  const { headers, body, path } = await requestAbout(id);

  expect(path).toBe('/hook');
  const timestamp = String(headers['x-cordon-timestamp']);
  expect(headers['x-cordon-signature']).toBe(signatureOf(key, timestamp, body));
  expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(300);
  expect(jsonIn(body)).toMatchObject({
    version: 1,
    id: headers['x-cordon-id'],
    class: 'contained',
    incident: id,
    drill: false,
    link: `cordon show ${id}`,
  });
  expect(body).not.toContain('webhook-victim');
  expect(body).not.toMatch(/decide|approve|release|token/i);
});

it('tells a question, and that it is one', async () => {
  const { id } = await incidentAbout(desk, 'webhook-question', { 'cordon:tier': 'critical' });

  expect(jsonIn((await requestAbout(id)).body)).toMatchObject({
    class: 'decision-needed',
    incident: id,
  });
});

/** A notice in the queue, as the functions of Cordon put one there. */
const send = (id: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: outputOf(cordon, 'WebhookQueueUrl'),
      MessageBody: JSON.stringify({
        id,
        at: new Date().toISOString(),
        count: 1,
        headlines: [{ class: 'other', incident: null, drill: false }],
      }),
    }),
  );

const letterWith = (id: string) =>
  until(async () => (await webhookLetters(desk.place)).find(({ body }) => body.includes(id)), {
    within: 180_000,
    every: 1_000,
    timeoutMessage: `${id} is not among what the webhook did not take`,
  });

const bad: readonly (readonly [string, Behaviour])[] = [
  ['answers 500', 500],
  ['answers 404', 404],
  ['redirects', { redirectsTo: 'http://127.0.0.1:2/elsewhere' }],
  ['is silent', 'silence'],
];

describe('nothing is lost where the webhook', () => {
  it.each(bad)(
    '%s: it is tried five times, kept, and handed over by a redrive',
    async (words, how) => {
      const id = `bad-${words.replaceAll(' ', '-')}`;
      receiver.behave(how);
      await send(id);
      const letter = await letterWith(id);
      expect(requestsAbout(id)).toHaveLength(5);
      expect(new Set(requestsAbout(id).map(({ headers }) => headers['x-cordon-id']))).toEqual(
        new Set([id]),
      );

      receiver.behave(204);
      await redriveNotice(desk.place, letter);

      await until(async () => requestsAbout(id).length >= 6 || undefined, {
        within: 120_000,
        every: 200,
        timeoutMessage: `${id} was not handed over again`,
      });
    },
  );

  it('is away, and a mail says that the webhook did not take notices', async () => {
    await receiver.stop();
    await send('away');
    const letter = await letterWith('away');
    const [mail] = await mailsWith(desk, 'the webhook did not take notices');
    expect(mail?.body).toContain('cordon redrive --yes');

    receiver = await startReceiver(cordon.engine.port + 8);
    await redriveNotice(desk.place, letter);
    expect(jsonIn((await requestAbout('away')).body)).toMatchObject({ id: 'away' });
  });

  it('takes a notice after some tries: it is told once, and not kept', async () => {
    receiver.behave(503);
    await send('recovers');
    await requestAbout('recovers');
    receiver.behave(200);

    await until(
      async () =>
        (
          await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl: outputOf(cordon, 'WebhookQueueUrl'),
              VisibilityTimeout: 0,
            }),
          )
        ).Messages === undefined || undefined,
      { within: 60_000, every: 1_000, timeoutMessage: 'the queue is not empty' },
    );
    const letters = await webhookLetters(desk.place);
    expect(letters.filter(({ body }) => body.includes('recovers'))).toEqual([]);
  });
});

it('an intruder can neither forge a notice, nor read or change where they go', async () => {
  const stranger = await intruder(cordon, 'intruder-webhook');
  const secrets = new SecretsManagerClient(clientConfig(cordon, stranger.keys));
  const SecretId = outputOf(cordon, 'WebhookSecretId');
  const QueueUrl = outputOf(cordon, 'WebhookQueueUrl');
  const own = new SQSClient({
    ...clientConfig(cordon, stranger.keys),
    useQueueUrlAsEndpoint: false,
  });
  const attempts = {
    send: () => own.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
    receive: () => own.send(new ReceiveMessageCommand({ QueueUrl })),
    read: () => secrets.send(new GetSecretValueCommand({ SecretId })),
    write: () => secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{}' })),
  };
  const said: Record<string, string> = {};
  for (const [words, attempt] of Object.entries(attempts)) said[words] = await verdict(attempt);

  expect(said).toEqual({ send: 'denied', receive: 'denied', read: 'denied', write: 'denied' });
});
