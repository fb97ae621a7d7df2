import { describe, expect, it } from 'vitest';
import { beganAt } from '../../../../responders/finding/began.ts';
import { eventByHand } from '../../../../responders/finding/by-hand.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import {
  firstSeenIn,
  functionVersionIn,
  isAboutFunction,
  userIn,
} from '../../../../responders/finding/stored.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const text = (resource: object, service: object = {}): string =>
  JSON.stringify({ detail: { resource, service } });

describe('what a stored event says', () => {
  it('when the activity began, also where the event lies in an envelope', () => {
    const event = { detail: { service: { eventFirstSeen: '2026-11-21T09:59:00Z' } } };
    const at = Date.parse('2026-11-21T09:59:00Z');
    expect(firstSeenIn(JSON.stringify(event))).toBe(at);
    expect(firstSeenIn(JSON.stringify({ event }))).toBe(at);
    for (const raw of ['', '{', '{}', '{"detail":{"service":{"eventFirstSeen":7}}}'])
      expect(firstSeenIn(raw)).toBeNaN();
  });

  it('the user whom it is about, where it is one with a name that IAM takes', () => {
    const of = (userName: unknown, userType: unknown) =>
      userIn(text({ accessKeyDetails: { userName, userType } }));
    expect(of('deploy', 'IAMUser')).toBe('deploy');
    expect(of('deploy', 'Role')).toBeUndefined();
    expect(of('a b', 'IAMUser')).toBeUndefined();
    expect(of(null, 'IAMUser')).toBeUndefined();
    expect([userIn(undefined), userIn('no JSON')]).toEqual([undefined, undefined]);
  });

  it('whether it names a function, and which version', () => {
    const raw = JSON.stringify(lambdaFinding());
    expect([isAboutFunction(raw), functionVersionIn(raw)]).toEqual([true, '$LATEST']);
    expect([isAboutFunction(undefined), functionVersionIn('{}')]).toEqual([false, null]);
  });
});

describe('when an incident began', () => {
  const opened = '2026-11-21T10:00:00.000Z';
  const seen = (at: string) => ({ raw: text({}, { eventFirstSeen: at }) });
  const began = (activity: number | null, ...findings: readonly { readonly raw: string }[]) =>
    beganAt({ head: { openedAt: opened, clocks: { activity } }, findings });

  it('is the earliest that a finding or the clock says, but no time to come', () => {
    const [early, late] = ['2026-11-21T09:00:00Z', '2026-11-21T09:30:00Z'];
    expect(began(null, seen(late), seen(early))).toBe(Date.parse(early));
    expect(began(Date.parse(early), seen(late))).toBe(Date.parse(early));
    expect(began(null, seen(opened))).toBe(Date.parse(opened));
    expect(began(null, seen('2026-11-21T10:00:01Z'), seen(late))).toBe(Date.parse(late));
  });

  it('is unknown where nothing says it', () => {
    expect(began(null)).toBeNull();
    expect(began(null, seen('2026-11-22T10:00:00Z'), { raw: 'no JSON' })).toBeNull();
  });
});

describe('what the door leaves open', () => {
  const parsed = (change: (event: ReturnType<typeof lambdaFinding>) => object) =>
    parseFinding(change(lambdaFinding()), false);
  const detail = (over: object) =>
    parsed((event) => ({ ...event, detail: { ...event.detail, ...over } }));

  it('is missing, or its usual value', () => {
    const { time: _time, ...event } = lambdaFinding();
    const { partition: _partition, service: _service, ...rest } = event.detail;
    const finding = parseFinding({ ...event, detail: { ...rest, service: {} } }, false);
    expect(finding).toMatchObject({
      partition: 'aws',
      detectorId: null,
      firstSeen: null,
      lastSeen: null,
      eventAt: null,
      archived: false,
    });
    expect(finding).not.toHaveProperty('sequence');
    expect(finding).not.toHaveProperty('accessKey');
  });

  it('is null where the event says null, and wrong where it says something else', () => {
    expect(parsed((event) => ({ ...event, time: null })).eventAt).toBeNull();
    expect(() => parsed((event) => ({ ...event, time: 'soon' }))).toThrow('time: wanted a time');
  });

  it('a detector only by an id that it can have', () => {
    const of = (detectorId: unknown) => detail({ service: { detectorId } }).detectorId;
    expect([of('abc1'), of('a-b'), of(7)]).toEqual(['abc1', null, null]);
  });

  it('archived and sample only where the event says exactly that', () => {
    const of = (service: object, title = 'x') => {
      const { archived, sample } = detail({ service, title });
      return [archived, sample];
    };
    expect(of({ archived: true })).toEqual([true, false]);
    expect(of({ archived: 'true' })).toEqual([false, false]);
    expect(of({ additionalInfo: { sample: 'true' } })).toEqual([false, false]);
    expect(of({ additionalInfo: { value: '{"sample" : true}' } })).toEqual([false, true]);
    expect(of({ additionalInfo: { value: '{"sample":true}' } })).toEqual([false, true]);
    expect(of({ additionalInfo: { value: '{"sample":false}' } })).toEqual([false, false]);
    expect(of({}, 'x [SAMPLE]')).toEqual([false, false]);
    expect(of({}, '[SAMPLE]')).toEqual([false, true]);
  });

  it('severities from 0 to 10, both included', () => {
    for (const severity of [0, 10]) expect(detail({ severity }).severity).toBe(severity);
    for (const severity of [-0.1, 10.1, Number.NaN, null])
      expect(() => detail({ severity })).toThrow('detail.severity: wanted a number from 0 to 10');
  });

  it.each(['principalId', 'userName', 'userType'])('a key needs its %s', (field) => {
    const accessKeyDetails = { principalId: 'p', userName: 'u', userType: 't' };
    const of = (details: object) =>
      detail({ resource: { resourceType: 'AccessKey', accessKeyDetails: details } }).accessKey;
    expect(of(accessKeyDetails)).toEqual(accessKeyDetails);
    expect(() => of({ ...accessKeyDetails, [field]: undefined })).toThrow(
      `detail.resource.accessKeyDetails.${field}: wanted text, got nothing`,
    );
  });

  it('an event that is none, or has no detail, is told so', () => {
    expect(() => parseFinding('x', false)).toThrow('event: wanted an object, got "x"');
    expect(() => parseFinding({ detail: [] }, false)).toThrow('detail: wanted an object');
  });
});

it('what a person asks for has the shape of a finding, with the time and the words of the wish', () => {
  const at = Date.parse('2026-11-21T10:00:00Z');
  const resource = { resourceType: 'AccessKey' };
  const event = eventByHand({ reason: 'a call', at }, 'id-1', {
    account: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    resource,
  });
  expect(event).toMatchObject({ 'detail-type': 'Containment by hand', source: 'cordon.by-hand' });
  expect(parseFinding(event, false)).toMatchObject({
    id: 'id-1',
    type: 'Containment by hand',
    severity: 8,
    title: 'A person has asked for it: a call',
    firstSeen: at,
    lastSeen: at,
    updatedAt: at,
    eventAt: at,
    attacker: { seen: 1 },
  });
});
