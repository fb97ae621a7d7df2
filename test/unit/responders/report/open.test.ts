import { describe, expect, it } from 'vitest';
import { reached } from '../../../../responders/report/exposure.ts';
import { broken, open } from '../../../../responders/report/open.ts';
import { aCase, inputWith, place } from '../../../support/responders/report/samples.ts';

it('routes that end in a function are named in the report while the function is held', async () => {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Condition: {
        ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:us-east-1:1:a1b2c3/prod/POST/products' },
      },
    },
  ];
  const documents = new Map<string, unknown>([
    ['function/resource-policy.json', { answer: { Policy: JSON.stringify({ Statement }) } }],
  ]);
  const input = {
    incident: await aCase(),
    version: 1,
    place,
    timeline: { ok: false, why: '' },
    documents,
    previous: null,
    now: 0,
  } as const;
  expect(broken(input, [], (value) => String(value))).toContain(
    'Routes that fail until it is released: POST /products.',
  );
});

describe('a principal that the session led to', () => {
  const session = 'arn:aws:sts::111122223333:assumed-role/billing/hop';
  const reportAbout = async (who: string, aws = true) => {
    const input = { ...(await inputWith(who)), place: { ...place, aws } };
    const show = (value: unknown) => String(value);
    const point = open(input, show).find(({ what }) => what.startsWith('Used or made: '));
    const [row] = reached(input, show).followed;
    return [point?.why, row?.why];
  };

  it.each([
    ['a session', session],
    ['a user', 'arn:aws:iam::111122223333:user/left/eve'],
  ])('is named with the command that contains it: %s', async (_words, arn) => {
    const command = `cordon contain '${arn}' --aws --reason "…"`;
    expect(await reportAbout(arn)).toEqual([
      expect.stringContaining(`; Cordon has not contained it: ${command}`),
      expect.stringContaining(`2 calls since; contain it: ${command}`),
    ]);
    expect((await reportAbout(arn, false))[0]).toContain(`'${arn}' --reason`);
  });

  it.each(['AKIAEVE', `${session}/x`, 'arn:aws:iam::1:user/a b'])(
    'is named without a command that would be refused: %s',
    async (who) => {
      const [why] = await reportAbout(who);
      expect(why).toMatch(/Cordon has not contained it$/);
    },
  );

  it('stays one word of the command, whatever the attacker called it', async () => {
    const [why] = await reportAbout("arn:aws:iam::111122223333:user/x';reboot;'");
    expect(why).toContain(`cordon contain 'arn:aws:iam::111122223333:user/x'\\'';reboot;'\\''' `);
  });
});
