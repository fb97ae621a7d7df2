import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, outcome } from './world.ts';

const topic = `arn:aws:sns:us-east-1:${account}:alerts`;

describe('an SNS e-mail', () => {
  let engine: Engine;
  let sns: SNSClient;
  const inbox = () => readdirSync(join(engine.runDir, 'inbox')).sort();

  beforeAll(async () => {
    engine = await startEngine();
    sns = new SNSClient(engine.client());
    await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
    await sns.send(
      new SubscribeCommand({
        TopicArn: topic,
        Protocol: 'email',
        Endpoint: 'security@example.com',
      }),
    );
  });
  afterAll(() => engine.stop());

  test('is a file in the inbox, as SNS writes it', async () => {
    await sns.send(
      new PublishCommand({
        TopicArn: topic,
        Subject: '[CORDON] contained',
        Message: 'Role r1 is contained – proof: denied at 10:00.',
      }),
    );

    const [file] = inbox();
    const [head = '', body = ''] = readFileSync(
      join(engine.runDir, 'inbox', file ?? ''),
      'utf8',
    ).split(/\r\n\r\n(.*)/s);

    expect(file).toMatch(/^\d{8}T\d{6}\.\d{3}Z-\d+\.eml$/);
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        'From: AWS Notifications <no-reply@sns.amazonaws.com>',
        'To: security@example.com',
        'Subject: [CORDON] contained',
        `X-Cordon-Topic: ${topic}`,
        'Content-Type: text/plain; charset="utf-8"',
      ]),
    );
    expect(body).toMatch(
      /^Role r1 is contained – proof: denied at 10:00\.\r\n\r\n--\r\nIf you wish to stop/,
    );
  });

  test('has the subject of AWS when there is none', async () => {
    await sns.send(new PublishCommand({ TopicArn: topic, Message: 'plain' }));

    expect(readFileSync(join(engine.runDir, 'inbox', inbox().at(-1) ?? ''), 'utf8')).toContain(
      'Subject: AWS Notification Message\r\n',
    );
  });

  test.for([
    ['too long', 'x'.repeat(101)],
    ['of two lines', 'one\ntwo'],
    ['that is not ASCII', 'contained – yes'],
    ['with a control character', 'a\u0007b'],
  ])('is refused with a subject %s', async ([, subject]) => {
    const before = inbox().length;

    expect(
      await outcome(
        sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: 'm' })),
      ),
    ).toBe('InvalidParameterException');
    expect(inbox()).toHaveLength(before);
  });

  test('is refused without a message', async () => {
    expect(await outcome(sns.send(new PublishCommand({ TopicArn: topic, Message: '' })))).toBe(
      'InvalidParameterException',
    );
  });

  test('takes a subject of exactly 100 characters', async () => {
    expect(
      await outcome(
        sns.send(new PublishCommand({ TopicArn: topic, Subject: 'x'.repeat(100), Message: 'm' })),
      ),
    ).toBe('ok');
  });
});
