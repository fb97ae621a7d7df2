import { expect, it } from 'vitest';
import { decodeHeader, parseMail } from '../../../local/inbox.ts';

const mail = (...lines: string[]) => parseMail('x.eml', Buffer.from(lines.join('\r\n')));

it('reads headers, folded and encoded, and the body as it is', () => {
  const found = mail(
    'From: AWS Notifications <no-reply@sns.amazonaws.com>',
    'To: team@example.com',
    'Subject: =?utf-8?q?Cordon_inc-1_CONT?=',
    ' =?utf-8?b?QUlORUQg4oCU?= now',
    'Date: Sat, 21 Nov 2026 10:00:06 +0000',
    'Content-Transfer-Encoding: 8bit',
    '',
    'first: line',
    '',
    'naïve … end',
  );

  expect(found).toEqual({
    file: 'x.eml',
    from: 'AWS Notifications <no-reply@sns.amazonaws.com>',
    to: 'team@example.com',
    subject: 'Cordon inc-1 CONTAINED — now',
    at: '2026-11-21T10:00:06.000Z',
    body: 'first: line\n\nnaïve … end',
  });
});

it('decodes quoted-printable and base64 bodies', () => {
  expect(mail('Content-Transfer-Encoding: quoted-printable', '', 'na=C3=AFve =', 'line').body).toBe(
    'naïve line',
  );
  expect(
    mail('Content-Transfer-Encoding: base64', '', Buffer.from('naïve').toString('base64')).body,
  ).toBe('naïve');
});

it('bears a mail without headers', () => {
  expect(mail('', '', 'only a body')).toMatchObject({ subject: '', at: '', body: 'only a body' });
});

it('leaves a header alone that only looks encoded', () => {
  for (const odd of ['=?utf-8?x?abc?= and =? more', '=?klingon?q?abc?= and more'])
    expect(decodeHeader(odd)).toBe(odd);
});
