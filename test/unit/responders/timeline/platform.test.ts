import { describe, expect, it } from 'vitest';
import { buildTimeline } from '../../../../responders/timeline/build.ts';
import type { Call } from '../../../../responders/timeline/call.ts';
import { whoseIs } from '../../../../responders/timeline/who.ts';
import { call, type Made, start } from '../../../support/responders/timeline/records.ts';

const group = '/aws/lambda/orders';
const own = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';

/** As CloudTrail records it: the session of the function, an address of AWS, no service. */
const logStream: Made = {
  service: 'logs',
  name: 'CreateLogStream',
  reads: false,
  parameters: { logGroupName: group, logStreamName: '2026/11/21/[$LATEST]1a2b' },
  sourceIp: '34.234.236.212',
  userAgent: 'awslambda-worker/1.0 rusoto/0.48.0 rust/1.87.0 linux',
};

const decrypt: Made = {
  service: 'kms',
  name: 'Decrypt',
  parameters: { encryptionContext: { 'aws:lambda:FunctionArn': own } },
  invokedBy: 'lambda.amazonaws.com',
  sourceIp: 'lambda.amazonaws.com',
  userAgent: 'lambda.amazonaws.com',
};

const whoseOf = (made: Made) => whoseIs(call(made), start().wanted);

describe('the platform’s own calls', () => {
  it.each([
    ['CreateLogStream', logStream],
    [
      'CreateLogGroup',
      { ...logStream, name: 'CreateLogGroup', parameters: { logGroupName: group } },
    ],
    ['PutLogEvents', { ...logStream, name: 'PutLogEvents' }],
    ['Decrypt', decrypt],
  ])('%s is no call of the suspect', (_name, made) => {
    expect(whoseOf(made)).toBe('platform');
  });

  it('are told by the log group, and not by the user agent, which a caller can set', () => {
    const elsewhere = { ...logStream, parameters: { logGroupName: '/aws/lambda/payments' } };
    expect(whoseOf(elsewhere)).toBe('suspect');
    expect(whoseOf({ ...logStream, parameters: null })).toBe('suspect');
    expect(whoseOf({ ...logStream, parameters: { logGroupName: `${group}-2` } })).toBe('suspect');
    expect(whoseOf({ ...logStream, region: 'us-east-1' })).toBe('suspect');
    expect(whoseOf({ ...logStream, name: 'DeleteLogStream' })).toBe('suspect');
  });

  it.each([
    ['from an address, with the context of the function', { sourceIp: '203.0.113.7' }],
    ['of a service that CloudTrail does not name', { invokedBy: '' }],
    ['by another service', { invokedBy: 's3.amazonaws.com', sourceIp: 's3.amazonaws.com' }],
    [
      'of another function’s variables',
      {
        parameters: { encryptionContext: { 'aws:lambda:FunctionArn': `${own}-2` } },
      },
    ],
    ['without a context', { parameters: {} }],
    ['as another call', { name: 'GenerateDataKey' }],
  ])('a decryption %s is the suspect’s', (_name, over) => {
    expect(whoseOf({ ...decrypt, ...over })).toBe('suspect');
  });

  it('are nobody’s proof: after containment they change neither the last allowed nor the first denied call', () => {
    const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}Z`;
    const calls: readonly Call[] = [
      call({ id: 'theft', at: at(1) }),
      call({ ...logStream, id: 'denied-log', at: at(9), error: 'AccessDenied' }),
      call({ ...logStream, id: 'log', at: at(30) }),
      call({ ...decrypt, id: 'variables', at: at(31) }),
      call({ id: 'denied', at: at(32), error: 'AccessDenied' }),
    ];
    const times = { began: Date.parse(at(0)), accepted: Date.parse(at(5)) };
    const timeline = buildTimeline({
      incident: 'inc-1',
      pass: 2,
      window: { from: at(0), to: at(59) },
      calls,
      circle: start(),
      asked: [],
      blindSpots: [],
      horizon: null,
      turns: { ...times, effective: Date.parse(at(8)) },
      about: new Set(),
    });

    expect(timeline.lastAllowed?.id).toBe('theft');
    expect(timeline.firstDenied?.id).toBe('denied');
    expect(timeline.byWhose).toMatchObject({ suspect: 2, platform: 3 });
    expect(timeline.reached.map(({ kind }) => kind)).not.toContain('key');
    expect(timeline.all.map(({ id }) => id)).toContain('log');
  });
});
