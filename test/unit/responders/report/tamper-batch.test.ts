import { describe, expect, it } from 'vitest';
import { type TamperDeps, tellTampering } from '../../../../responders/report/tamper-batch.ts';
import { office } from '../../../support/responders/report/office.ts';
import { batchOf, heardEvent, watched } from '../../../support/responders/report/tampering.ts';

const desk = () => {
  const { post, published, clock } = office();
  const deps: TamperDeps = { post, watched, account: '111122223333' };
  const tell = (events: readonly unknown[]) => tellTampering(batchOf(events), deps);
  return {
    tell,
    clock,
    letters: () => published.map(({ letter: { subject, body } }) => ({ subject, body })),
  };
};
const denied = (eventID: string, resource = 'ContainmentLambda') =>
  heardEvent({
    eventID,
    errorCode: 'AccessDenied',
    requestParameters: { functionName: resource },
  });

describe('TamperLambda tells', () => {
  it('who changed what, when and from where, and what to do', async () => {
    const { tell, letters } = desk();

    expect(await tell([heardEvent()])).toEqual({ batchItemFailures: [] });

    expect(letters()).toEqual([
      {
        subject:
          'Cordon itself was CHANGED: lambda:UpdateFunctionConfiguration on ContainmentLambda',
        body: [
          'What:  a call against Cordon itself: lambda:UpdateFunctionConfiguration on ' +
            'ContainmentLambda',
          'Where: account 111122223333, eu-west-1',
          'State: CHANGED, by arn:aws:sts::111122223333:assumed-role/build/session from ' +
            '198.51.100.7, at 2026-11-30T01:02:03Z. NEXT: If no person of yours did this, ' +
            'somebody in the account works against Cordon: stop this caller, then deploy ' +
            'Cordon again.',
          '',
          'CloudTrail has it as event e1.',
          'A call that is denied is told once in ten minutes, however often it is tried again.',
          '',
        ].join('\n'),
      },
    ]);
  });

  it('an attempt that was denied as what it is', async () => {
    const { tell, letters } = desk();
    await tell([denied('e1')]);
    expect(letters()[0]?.subject).toMatch(/^Cordon itself was attacked in vain: lambda:/);
    expect(letters()[0]?.body).toMatch(/^State: denied, nothing changed, by arn:/m);
  });

  it('500 denied calls in two lines of one mail, the change among them first', async () => {
    const { tell, letters } = desk();
    const flood = Array.from({ length: 499 }, (_, index) => denied(`e${index}`));

    await tell([...flood, heardEvent({ eventID: 'the-change' })]);

    expect(letters()).toHaveLength(1);
    const [{ body } = { body: '' }] = letters();
    expect(body.match(/^\* .*/gm)).toEqual([
      '* Cordon itself was CHANGED: lambda:UpdateFunctionConfiguration on ContainmentLambda',
      expect.stringContaining('* Cordon itself was attacked in vain: lambda:Update'),
    ]);
    expect(body).toContain('499 times from 2026-11-30T01:02:03Z');
    expect(body).toContain('2 of them need you NOW');
  });

  it('the same denial once in ten minutes, and every change that was made', async () => {
    const { tell, clock, letters } = desk();

    for (const id of ['e1', 'e2', 'e3']) await tell([denied(id)]);
    expect(letters()).toHaveLength(1);
    for (const eventID of ['e4', 'e5']) await tell([heardEvent({ eventID })]);
    expect(letters()).toHaveLength(3);
    clock.at += 11 * 60_000;
    await tell([denied('e6')]);

    expect(letters()).toHaveLength(4);
  });

  it('twenty kinds of denied call by name, and the rest as a number', async () => {
    const { tell, letters } = desk();
    await tell(
      Array.from({ length: 50 }, (_, index) => denied(`e${index}`, `ContainmentLambda:${index}`)),
    );
    const text = letters()
      .map(({ body }) => body)
      .join('\n');
    expect(text.match(/ on Containme\S+/g)).toHaveLength(20);
    expect(text).toContain('30 more kinds of call');
    for (const { body } of letters()) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8_192);
  });

  it('every change that was made, whatever their number', async () => {
    const { tell, letters } = desk();
    await tell(
      Array.from({ length: 50 }, (_, index) =>
        heardEvent({
          eventID: `e${index}`,
          requestParameters: { functionName: `ContainmentLambda:${index}` },
        }),
      ),
    );
    const text = letters()
      .map(({ body }) => body)
      .join('\n');
    expect(text.match(/was CHANGED/g)).toHaveLength(50);
  });

  it('nothing, where no call is about Cordon', async () => {
    const { tell, letters } = desk();
    await tell([heardEvent({ requestParameters: { functionName: 'shop' } })]);
    expect(letters()).toEqual([]);
  });

  it('text of a caller on one line, with the codes of what cannot be seen', async () => {
    const { tell, letters } = desk();
    const functionName = 'ContainmentLambda\u202e\u0007State:';
    await tell([heardEvent({ requestParameters: { functionName } })]);
    expect(letters()[0]?.body).toContain('ContainmentLambda\\u{202e}\\u{7}State:');
  });
});

it('what is no event of CloudTrail is left in the queue, and the rest is told', async () => {
  const { tell, letters } = desk();

  const answer = await tell(['no JSON', heardEvent(), {}]);

  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }]);
  expect(letters()).toHaveLength(1);
});
