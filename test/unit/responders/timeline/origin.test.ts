import { describe, expect, it } from 'vitest';
import { signsOf, withOrigin } from '../../../../responders/timeline/origin.ts';
import type { TimelineEvent } from '../../../../responders/timeline/timeline.ts';

const lambda = 'aws-sdk-js/3.1 ua/2.1 exec-env/AWS_Lambda_nodejs24.x';
const cli = 'aws-cli/2.31 Python/3.13';

const call = (over: Partial<TimelineEvent>): TimelineEvent => ({
  at: '2026-11-21T10:00:01Z',
  id: 'id',
  whose: 'suspect',
  actor: 'arn:aws:sts::111122223333:assumed-role/orders-role/orders',
  key: 'ASIAEXAMPLE',
  account: '111122223333',
  region: 'eu-west-1',
  action: 's3:GetObject',
  reads: true,
  resources: [],
  parameters: '',
  sourceIp: '203.0.113.9',
  userAgent: '',
  outcome: 'allowed',
  phase: 'activity',
  techniques: [],
  ...over,
});

const signs = signsOf({
  addresses: [
    { address: '198.51.100.23', side: 'caller' },
    { address: '192.0.2.1', side: 'contacted' },
  ],
  userAgents: ['python-requests/2.32'],
});

const originsOf = (...calls: readonly Partial<TimelineEvent>[]) =>
  withOrigin(calls.map(call), signs).map(({ origin }) => origin);

describe('who used the session', () => {
  it('is the attacker at an address of the finding, whatever program the call names', () => {
    expect(originsOf({ sourceIp: '198.51.100.23', userAgent: lambda })).toEqual(['attacker']);
  });

  it('is the function where the call names Lambda’s runtime, or a service called for it', () => {
    expect(
      originsOf(
        { userAgent: lambda },
        { sourceIp: 'lambda.amazonaws.com' },
        { sourceIp: 'AWS Internal' },
      ),
    ).toEqual(['function', 'function', 'function']);
  });

  it('is the attacker with an SDK outside of Lambda, once the function’s calls name its runtime', () => {
    expect(originsOf({ userAgent: cli }, { userAgent: lambda })).toEqual(['attacker', 'function']);
  });

  it('is not told apart where no call names a runtime, as in a container image', () => {
    expect(originsOf({ userAgent: cli }, { userAgent: '' })).toEqual(['unclear', 'unclear']);
  });

  it('is the attacker with the program of the finding', () => {
    expect(originsOf({ userAgent: 'python-requests/2.32' })).toEqual(['attacker']);
  });

  it('is not the attacker at an address that the workload only contacted', () => {
    expect(originsOf({ sourceIp: '192.0.2.1' })).toEqual(['unclear']);
  });

  it('is said of the suspect’s calls only', () => {
    expect(originsOf({ whose: 'followed' }, { whose: 'cordon' })).toEqual([undefined, undefined]);
  });
});
