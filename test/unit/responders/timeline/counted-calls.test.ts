import { describe, expect, it } from 'vitest';
import { bounds } from '../../../../responders/timeline/bounds.ts';
import { buildTimeline } from '../../../../responders/timeline/build.ts';
import { countedOfRow, notCounted } from '../../../../responders/timeline/counted-calls.ts';
import { countedCallsOf, mostLines } from '../../../../responders/timeline/counted-sql.ts';
import { momentsOf } from '../../../../responders/timeline/phases.ts';
import { account, call, session, start } from '../../../support/responders/timeline/records.ts';

const table = { database: 'cordon', name: 'cloudtrail' };
const within = bounds({
  accounts: [account],
  regions: ['eu-west-1'],
  from: '2026-11-21T09:00:00Z',
  to: '2026-11-21T11:00:00Z',
});
const callers = { sessions: [session], keys: ['AKIAEVE'], own: [], about: [] };
const ms = (time: string): number => Date.parse(`2026-11-21T${time}Z`);

const wanted = (...secrets: readonly string[]): string =>
  secrets.map((secretId, n) => `id-${n} ${JSON.stringify({ secretId })}`).join('\n');

const row = {
  eventid: 'id-0',
  eventtime: '2026-11-21T10:00:06Z',
  latest: '2026-11-21T10:40:00Z',
  calls: '1000000',
  eventsource: 'secretsmanager.amazonaws.com',
  eventname: 'GetSecretValue',
  errorcode: 'AccessDenied',
  sourceipaddress: '203.0.113.7',
  awsregion: 'eu-west-1',
  recipientaccountid: account,
  is_read: 'true',
  useragent: 'aws-cli/2.0',
  identity_type: 'AssumedRole',
  identity_arn: session,
  identity_account: account,
  identity_key: 'ASIASUSPECT',
  issuer_type: 'Role',
  issuer_arn: `arn:aws:iam::${account}:role/orders-role`,
  wanted: wanted('db', 'mail', 'db'),
};

const built = (calls: Parameters<typeof buildTimeline>[0]['calls']) =>
  buildTimeline({
    incident: 'inc-1',
    pass: 2,
    window: { from: within.from, to: within.to },
    calls,
    circle: start(),
    asked: [],
    blindSpots: [],
    horizon: null,
    turns: { began: ms('10:00:00'), accepted: ms('10:00:05'), effective: ms('10:00:08') },
    about: new Set(),
  });

describe('failed calls', () => {
  it('are asked for by count, with a value for each hole of the text', () => {
    const moments = momentsOf({
      began: ms('09:59:00'),
      accepted: ms('10:00:05.400'),
      effective: ms('10:00:08.100'),
    });
    const { sql, parameters } = countedCallsOf(callers, moments, within, table);

    expect(moments.map((at) => at.slice(11, 19))).toEqual([
      '09:59:00',
      '10:00:05',
      '10:00:06',
      '10:00:09',
    ]);
    expect(parameters).toHaveLength(sql.split('?').length - 1);
    expect(parameters.slice(0, 4)).toEqual(moments.map((at) => `'${at}'`));
    expect(sql).toContain(`LIMIT ${mostLines + 1}`);
    expect(sql).toContain('count(DISTINCT eventid)');
  });

  it('a million of them are one line of the table, with its first and last time', () => {
    const line = countedOfRow(row);
    const theft = call({ at: '2026-11-21T10:00:01Z', id: 'theft' });
    const timeline = built(line ? [line, theft] : []);

    expect(timeline).toMatchObject({
      events: 1_000_001,
      lastSeen: '2026-11-21T10:40:00Z',
      lastAllowed: { id: 'theft' },
      firstDenied: { id: 'id-0', at: '2026-11-21T10:00:06Z' },
    });
    expect(timeline.byWhose.suspect).toBe(1_000_001);
    expect(timeline.rows.map(({ count, at, until }) => [count, at, until])).toEqual([
      [1, '2026-11-21T10:00:01Z', '2026-11-21T10:00:01Z'],
      [1_000_000, '2026-11-21T10:00:06Z', '2026-11-21T10:40:00Z'],
    ]);
  });

  it('say what the first of them wanted, each call once', () => {
    const twice = { ...row, wanted: `${wanted('db', 'mail')}\n${wanted('db')}` };
    const line = countedOfRow(twice);
    const { reached, rows } = built(line ? [line] : []);

    expect(reached.map(({ what, denied }) => [what, denied])).toEqual([
      ['db', 1],
      ['mail', 1],
    ]);
    expect(rows[0]?.resources).toEqual(['db', 'mail']);
  });

  it('of the event history count once: those between the first and the last of a line are in it', () => {
    const line = countedOfRow(row);
    const denied = {
      service: 'secretsmanager',
      name: 'GetSecretValue',
      error: 'AccessDenied',
      at: '2026-11-21T10:20:00Z',
    };
    const calls = [
      call({ ...denied, id: 'counted' }),
      call({ ...denied, id: 'later', at: '2026-11-21T10:41:00Z' }),
      call({ ...denied, id: 'before', at: '2026-11-21T10:00:05Z' }),
      call({ ...denied, id: 'elsewhere', sourceIp: '203.0.113.8' }),
      call({ ...denied, id: 'another', name: 'ListSecrets' }),
      call({ id: 'allowed', at: '2026-11-21T10:20:00Z' }),
    ];

    expect(notCounted(calls, line ? [line] : []).map(({ id }) => id)).toEqual([
      'later',
      'before',
      'elsewhere',
      'another',
      'allowed',
    ]);
  });
});
