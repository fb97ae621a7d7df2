import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { pendingText } from '../../../cli/doctor/checks.ts';
import { whyFailed } from '../../../cli/release.ts';
import { sendAnswer } from '../../../operator/answer.ts';

/** A question whose token changes as often as it is answered with an old one. */
const question = (open: readonly string[], taken: string) => {
  const sfn = new SFNClient({ region: 'eu-west-1' });
  const mock = mockClient(sfn);
  mock.on(SendTaskSuccessCommand).callsFake(({ taskToken }) => {
    if (taskToken !== taken) throw Object.assign(new Error('gone'), { name: 'TaskDoesNotExist' });
    return {};
  });
  const tokens = [...open];
  const readToken = async () => tokens.shift();
  const answer = () => sendAnswer(sfn, readToken, async () => ({ approved: true }));
  const sent = () =>
    mock.commandCalls(SendTaskSuccessCommand).map(({ args: [{ input }] }) => input.taskToken);
  return { answer, sent };
};

it('a question that got a new token is answered with the new one', async () => {
  const { answer, sent } = question(['first', 'second'], 'second');

  await answer();

  expect(sent()).toEqual(['first', 'second']);
});

it('a question that gets no other token is over', async () => {
  const { answer, sent } = question(['first'], 'none');

  await expect(answer()).rejects.toThrow('the question is no longer open');
  expect(sent()).toEqual(['first']);
});

it('a question that gets new tokens for ever is not answered for ever', async () => {
  const tokens = Array.from({ length: 30 }, (_token, at) => String(at));
  const { answer, sent } = question(tokens, 'none');

  await expect(answer()).rejects.toThrow('the question is no longer open');
  expect(sent()).toEqual(tokens.slice(0, 20));
});

it('a refused release says why', () => {
  expect(whyFailed({ refused: 'the person belongs to the incident', error: null })).toBe(
    'refused: the person belongs to the incident',
  );
  expect(whyFailed({ refused: null, error: 'States.Timeout' })).toBe('States.Timeout');
});

it('the doctor names the addresses that have not confirmed', () => {
  const subscriptions = [
    { Endpoint: 'a@example.com', SubscriptionArn: 'arn:aws:sns:x' },
    { Endpoint: 'b@example.com', SubscriptionArn: 'PendingConfirmation' },
  ];

  expect(pendingText(subscriptions)).toBe(': b@example.com');
});
