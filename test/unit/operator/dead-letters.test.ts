import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { deadLetters, redrive } from '../../../operator/dead-letters.ts';
import type { Place } from '../../../operator/place.ts';

const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Incident';
const place: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  outputs: {
    CordonResponse: { IncidentMachineArn: machine, RuleDeadLetterUrl: 'https://sqs/queue' },
  },
  local: null,
  config: () => Promise.resolve({ region: 'eu-west-1' }),
  withKeys: () => ({ region: 'eu-west-1' }),
};

const rules = 'arn:aws:events:eu-west-1:111122223333:rule';
const event = { id: 'e1', 'detail-type': 'GuardDuty Finding', detail: { id: 'f1' } };
const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const message = (
  MessageId: string,
  {
    rule = `${rules}/CordonResponse-Findings`,
    target = machine,
    body = JSON.stringify(event),
  } = {},
) => ({
  MessageId,
  ReceiptHandle: `receipt of ${MessageId}`,
  Body: body,
  MessageAttributes: {
    RULE_ARN: text(rule),
    TARGET_ARN: text(target),
    ERROR_CODE: text('NO_PERMISSIONS'),
    ERROR_MESSAGE: text('states:StartExecution'),
  },
});

const [sqs, states] = [mockClient(SQSClient), mockClient(SFNClient)];
beforeEach(() => {
  sqs.reset();
  states.reset();
});
const queued = (...Messages: ReturnType<typeof message>[]) =>
  sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages }).resolves({ Messages: [] });

describe('the events that no rule could deliver', () => {
  it('are read page by page, each once, and stay in the queue', async () => {
    const page = Array.from({ length: 10 }, (_, index) => message(`m${index}`));
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: page })
      .resolvesOnce({ Messages: [message('m9'), message('m10')] })
      .resolves({ Messages: [] });

    const letters = await deadLetters(place);

    expect(letters.map(({ id }) => id)).toEqual([...page.map(({ MessageId }) => MessageId), 'm10']);
    expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
    expect(letters[0]).toMatchObject({
      eventId: 'e1',
      detailType: 'GuardDuty Finding',
      error: 'NO_PERMISSIONS: states:StartExecution',
    });
  });

  it.each([
    ['a finding of the default bus', {}, { drill: false, event }],
    ['a drill', { rule: `${rules}/cordon-drills/CordonResponse-Drills` }, { drill: true, event }],
    ['an event for another target', { target: 'arn:aws:sqs:r:a:CordonResponse-Tamper' }, null],
    ['what is no JSON', { body: 'no JSON' }, null],
  ])('know %s by its rule and target', async (_words, given, finding) => {
    queued(message('m1', given));
    expect((await deadLetters(place)).map((letter) => letter.finding)).toEqual([finding]);
  });
});

describe('cordon redrive', () => {
  it('starts the incident machine as the rule does, then takes the message away', async () => {
    queued(message('m1'));
    const [letter] = await deadLetters(place);
    states.on(StartExecutionCommand).resolves({});

    expect(letter && (await redrive(place, letter))).toBe(
      'arn:aws:states:eu-west-1:111122223333:execution:Incident:redrive-m1',
    );

    expect(states.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: machine,
      name: 'redrive-m1',
      input: JSON.stringify({ drill: false, event }),
    });
    expect(sqs.commandCalls(DeleteMessageCommand)[0]?.args[0].input.ReceiptHandle).toBe(
      'receipt of m1',
    );
  });

  it('starts no second execution, where the first attempt ended before the delete', async () => {
    queued(message('m1'));
    const [letter] = await deadLetters(place);
    const exists = Object.assign(new Error('exists'), { name: 'ExecutionAlreadyExists' });
    states.on(StartExecutionCommand).rejects(exists);

    if (letter) await redrive(place, letter);

    expect(sqs.commandCalls(DeleteMessageCommand)).toHaveLength(1);
  });

  it('keeps the message, where the machine cannot be started', async () => {
    queued(message('m1'));
    const [letter] = await deadLetters(place);
    states.on(StartExecutionCommand).rejects(new Error('AccessDenied'));

    await expect(letter && redrive(place, letter)).rejects.toThrow('AccessDenied');
    expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
  });
});
