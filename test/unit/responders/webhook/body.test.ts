import { describe, expect, it } from 'vitest';
import { jsonIn } from '../../../../responders/shared/json.ts';
import { bodyOf } from '../../../../responders/webhook/body.ts';
import {
  type Headline,
  headlineClasses,
  type WebhookNotice,
  wantedNotice,
} from '../../../../responders/webhook/notice.ts';

const scope = {
  ...{ account: '111122223333', region: 'eu-west-1' },
  ...{ otherConsole: '', console: '', aws: true },
};
const incident = 'inc-20261121-7f3k2m8q';
const notice = (over: Partial<WebhookNotice> = {}): WebhookNotice => ({
  id: 'a'.repeat(32),
  at: '2026-11-21T10:00:00.000Z',
  count: 1,
  headlines: [{ class: 'contained', incident, drill: false }],
  ...over,
});
const headline = (over: Partial<Headline>): Headline => ({
  ...{ class: 'contained', incident, drill: false },
  ...over,
});
const bodyIn = (over: Partial<WebhookNotice>, place = scope) => jsonIn(bodyOf(notice(over), place));

describe('the body', () => {
  it('says what, about which incident, and how to look at it', () => {
    expect(bodyIn({})).toEqual({
      version: 1,
      id: 'a'.repeat(32),
      at: '2026-11-21T10:00:00.000Z',
      account: '111122223333',
      region: 'eu-west-1',
      class: 'contained',
      incident,
      drill: false,
      count: 1,
      headlines: [{ class: 'contained', incident, drill: false }],
      link: `cordon show ${incident} --aws`,
      text: `Cordon: a workload is contained (${incident}) - cordon show ${incident} --aws`,
    });
  });

  it('links to the console of Cordon where its address is configured', () => {
    const place = { ...scope, console: 'https://cordon.example' };
    expect(bodyIn({}, place)).toMatchObject({ link: `https://cordon.example/i/${incident}` });
    const general = { headlines: [headline({ class: 'cordon-differs', incident: null })] };
    expect(bodyIn(general, place)).toMatchObject({ link: 'https://cordon.example' });
  });

  it('links to another console where there is one', () => {
    const place = {
      ...scope,
      ...{ console: 'https://cordon.example', otherConsole: 'https://other.example' },
    };
    expect(bodyIn({}, place)).toMatchObject({
      link: `https://other.example/incidents/${incident}`,
    });
    const general = { headlines: [headline({ class: 'cordon-differs', incident: null })] };
    expect(bodyIn(general, place)).toMatchObject({ link: 'https://other.example' });
    expect(bodyIn(general)).toMatchObject({ link: 'cordon status --aws' });
  });

  it('counts what else the mail tells, and marks a drill', () => {
    const { text } = {
      text: '',
      ...Object(bodyIn({ count: 3, headlines: [headline({ drill: true })] })),
    };
    expect(text).toMatch(
      /^\[DRILL\] Cordon: a workload is contained \(inc-\S+\) and 2 more notices/,
    );
  });

  it.each(headlineClasses)('holds no way to decide, whatever it tells: %s', (kind) => {
    const body = bodyOf(notice({ headlines: [headline({ class: kind })] }), scope);
    expect(body).not.toMatch(/cordon (decide|approve|release)|--contain|token/);
    expect(Buffer.byteLength(body)).toBeLessThan(1_000);
  });
});

describe('what waits in the queue', () => {
  it('is read as it was written', () => {
    expect(wantedNotice(jsonIn(JSON.stringify(notice())))).toEqual(notice());
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'all is well'],
    [
      'a class that Cordon does not know',
      { ...notice(), headlines: [{ ...headline({}), class: '<!channel>' }] },
    ],
    [
      'an incident that is a text',
      { ...notice(), headlines: [headline({ incident: '@everyone' })] },
    ],
    ['no id', { ...notice(), id: undefined }],
  ])('is refused where it is %s', (_what, source) => {
    expect(() => wantedNotice(source)).toThrow(/wanted/);
  });

  const alarm = (alarmName: string) => ({
    source: 'aws.cloudwatch',
    id: 'event',
    time: '2026-11-21T10:00:00Z',
    detail: { alarmName, state: { value: 'ALARM', reason: '@everyone' } },
  });

  it('may be an alarm, of which it takes the name', () => {
    expect(wantedNotice(alarm('CordonResponse-AlertsHeartbeatSilent'))).toMatchObject({
      alarm: 'CordonResponse-AlertsHeartbeatSilent',
      headlines: [{ class: 'alarm', incident: null, drill: false }],
    });
  });

  it('takes no name that an alarm of Cordon cannot have', () => {
    const body = bodyOf(wantedNotice(alarm('CordonResponse-<!channel> all is well')), scope);
    expect(body).not.toMatch(/channel|everyone|all is well/);
  });
});
