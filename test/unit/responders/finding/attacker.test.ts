import { describe, expect, it } from 'vitest';
import { attackerIn } from '../../../../responders/finding/attacker.ts';

const action = (kind: string, of: object) => ({ detail: { service: { action: { [kind]: of } } } });
const remote = (ip: object) => ({ remoteIpDetails: ip });
const ip4 = { ipAddressV4: '198.51.100.7' };

describe('the addresses of a finding', () => {
  it.each(['awsApiCallAction', 'kubernetesApiCallAction', 'rdsLoginAttemptAction'])(
    'of %s are the caller’s',
    (kind) => {
      expect(attackerIn(action(kind, remote(ip4))).addresses).toEqual([
        { address: '198.51.100.7', side: 'caller' },
      ]);
    },
  );

  it.each([
    ['INBOUND', 'caller'],
    ['OUTBOUND', 'contacted'],
    ['UNKNOWN', 'contacted'],
    [undefined, 'contacted'],
  ])('of a connection that is %s are of the side %s', (connectionDirection, side) => {
    const event = action('networkConnectionAction', { ...remote(ip4), connectionDirection });
    expect(attackerIn(event).addresses).toEqual([{ address: '198.51.100.7', side }]);
  });

  it('of probed ports are those of every probe', () => {
    const event = action('portProbeAction', {
      portProbeDetails: [remote(ip4), remote({ ipAddressV6: '2001:db8::7' }), remote({}), null],
    });
    expect(attackerIn(event).addresses).toEqual([
      { address: '198.51.100.7', side: 'caller' },
      { address: '2001:db8::7', side: 'caller' },
    ]);
  });

  it('of a request for a name are the name, as something that was contacted', () => {
    const domain = ` ${'x'.repeat(300)}`;
    expect(attackerIn(action('dnsRequestAction', { domain })).addresses).toEqual([
      { address: 'x'.repeat(253), side: 'contacted' },
    ]);
    expect(attackerIn(action('dnsRequestAction', { domain: '  ' })).addresses).toEqual([]);
  });

  it('come with country and owner, as far as the finding knows them', () => {
    const of = (more: object) =>
      attackerIn(action('awsApiCallAction', remote({ ...ip4, ...more }))).addresses;
    expect(
      of({ country: { countryName: ' Iceland ' }, organization: { org: 'Host', asnOrg: 'AS' } }),
    ).toEqual([
      { address: '198.51.100.7', country: 'Iceland', organisation: 'Host', side: 'caller' },
    ]);
    expect(of({ organization: { asnOrg: 'a'.repeat(101) } })).toEqual([
      { address: '198.51.100.7', organisation: 'a'.repeat(100), side: 'caller' },
    ]);
    expect(of({ country: { countryName: 'c'.repeat(61) } })).toEqual([
      { address: '198.51.100.7', country: 'c'.repeat(60), side: 'caller' },
    ]);
  });

  it.each([['no address'], ['198.51.100'], ['']])('are none where %j stands there', (text) => {
    expect(attackerIn(action('awsApiCallAction', remote({ ipAddressV4: text }))).addresses).toEqual(
      [],
    );
  });
});

describe('who acted', () => {
  const principal = (accessKeyDetails: object, more: object = {}) => {
    const {
      addresses: _addresses,
      userAgents: _agents,
      ...who
    } = attackerIn({
      detail: { resource: { accessKeyDetails, ...more } },
    });
    return who;
  };

  it.each<[string, object, object]>([
    ['a user', { userName: 'eve', userType: 'IAMUser' }, { user: 'eve' }],
    ['a role', { userName: 'ci', userType: 'Role' }, { role: 'ci' }],
    [
      'a session with its key',
      {
        userName: 'ci',
        userType: 'AssumedRole',
        principalId: 'AROAEXAMPLE:build',
        accessKeyId: 'ASIAEXAMPLE1234',
      },
      { role: 'ci', session: 'build', keyEnd: '1234' },
    ],
    ['a long-lived key', { accessKeyId: 'AKIAEXAMPLEABCD' }, { keyEnd: 'ABCD' }],
    ['root, who has no name to show', { userName: 'Root', userType: 'Root' }, {}],
    ['a name that IAM would not take', { userName: '<b>', userType: 'IAMUser' }, {}],
    ['a session name that IAM would not take', { principalId: 'AROAEXAMPLE:a b' }, {}],
    ['the id of a user, which has no session', { principalId: 'AIDAEXAMPLE:build' }, {}],
    ['an id that only contains that of a role', { principalId: 'xAROAEXAMPLE:build' }, {}],
    ['a session name of 65 letters', { principalId: `AROAEXAMPLE:${'s'.repeat(65)}` }, {}],
    ['something else than a key', { accessKeyId: 'AIDAEXAMPLE1234' }, {}],
    ['more than a key', { accessKeyId: 'xAKIAEXAMPLE1234' }, {}],
    ['a key with something behind it', { accessKeyId: 'AKIAEXAMPLE1234x' }, {}],
  ])('is %s', (_what, details, expected) => expect(principal(details)).toEqual(expected));

  it('is a function, where the finding is about one', () => {
    expect(principal({}, { lambdaDetails: { functionName: 'orders' } })).toEqual({
      function: 'orders',
    });
    expect(principal({}, { lambdaDetails: { functionName: 'a*' } })).toEqual({});
  });

  it.each([
    [1, { seen: 1 }],
    [12, { seen: 12 }],
    [0, {}],
    [-1, {}],
    [1.5, {}],
    ['3', {}],
  ])('was seen %j times', (count, expected) => {
    const { addresses, userAgents, ...seen } = attackerIn({ detail: { service: { count } } });
    expect([addresses, userAgents, seen]).toEqual([[], [], expected]);
  });
});

it.each([
  [{ api: 'GetObject', serviceName: 's3.amazonaws.com' }, 's3:GetObject'],
  [{ api: ' GetObject ' }, 'GetObject'],
  [{ api: 'GetObject', serviceName: '' }, 'GetObject'],
  [{ api: 'GetObject', serviceName: 's3.amazonaws.com.evil' }, 's3.amazonaws.com.evil:GetObject'],
  [{ api: 'a'.repeat(99), serviceName: 'b'.repeat(99) }, `${'b'.repeat(40)}:${'a'.repeat(80)}`],
  [{ serviceName: 's3.amazonaws.com' }, undefined],
])('what was called: %j', (call, expected) => {
  expect(attackerIn(action('awsApiCallAction', call)).action).toBe(expected);
});

it('the program of the caller is shown, shortened', () => {
  const of = (userAgent: unknown) =>
    attackerIn(action('awsApiCallAction', { userAgent })).userAgents;
  expect([of('aws-cli/2'), of('u'.repeat(201)), of(''), of(7)]).toEqual([
    ['aws-cli/2'],
    ['u'.repeat(200)],
    [],
    [],
  ]);
});

it('nothing is known of what is no finding', () => {
  for (const event of [null, undefined, 'text', [], {}, { detail: [] }])
    expect(attackerIn(event)).toEqual({ addresses: [], userAgents: [] });
});
