import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type Keys, startEngine } from './engine.ts';
import { allow, outcome, roleKeys } from './world.ts';

const finding = { Source: 'aws.guardduty', DetailType: 'GuardDuty Finding', Detail: '{"severity":8}' };

const put = async (engine: Engine, entries: PutEventsRequestEntry[], keys?: Keys): Promise<(string | undefined)[]> => {
  const { Entries } = await new EventBridgeClient(engine.client(keys)).send(new PutEventsCommand({ Entries: entries }));
  return (Entries ?? []).map((entry) => entry.ErrorCode ?? (entry.EventId && 'accepted'));
};

describe('PutEvents', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('takes a GuardDuty finding from the root key and refuses it from a role', async () => {
    const keys = await roleKeys(engine, 'publisher', [allow('events:PutEvents')]);

    expect(await put(engine, [finding])).toEqual(['accepted']);
    expect(await put(engine, [finding, { ...finding, Source: 'cordon.test' }], keys)).toEqual([
      'NotAuthorizedForSourceException',
      'accepted',
    ]);
  });

  test('refuses what is malformed, entry by entry, in the order of the request', async () => {
    const own = { ...finding, Source: 'cordon.test' };

    const codes = await put(engine, [own, { ...own, Detail: '{"a":' }, { ...own, Detail: '[1]' }, { ...own, DetailType: '' }, own]);

    expect(codes).toEqual(['accepted', 'MalformedDetail', 'MalformedDetail', 'InvalidArgument', 'accepted']);
  });

  test('refuses more than a megabyte, and accepts and drops an event for an unknown bus', async () => {
    const large = { ...finding, Source: 'cordon.test', Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) };

    expect(await outcome(put(engine, [large]))).toBe('ValidationException');
    expect(await put(engine, [{ ...finding, Source: 'cordon.test', EventBusName: 'nowhere' }])).toEqual(['accepted']);
  });
});

test('the stock engine still refuses findings from everybody', async () => {
  const stock = await startEngine({ skip: 'guardduty_events' });
  try {
    expect(await put(stock, [finding])).toEqual(['NotAuthorizedForSourceException']);
  } finally {
    await stock.stop();
  }
});
