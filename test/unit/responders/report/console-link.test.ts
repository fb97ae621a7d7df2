// Where a mail or a report leads in the browser: to the configured console, or nowhere.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { incidentStates } from '../../../../responders/incident/incident.ts';
import type { Score } from '../../../../responders/incident/score.ts';
import { digest } from '../../../../responders/report/digest.ts';
import { drillLetter } from '../../../../responders/report/drill-mail.ts';
import { letter, type MailKind, mailKinds } from '../../../../responders/report/mail.ts';
import { forms } from '../../../../responders/report/make.ts';
import { observedLetter } from '../../../../responders/report/observed-mail.ts';
import { refusedLetter } from '../../../../responders/report/refused-mail.ts';
import { inState, sampleInput } from '../../../../tools/preview/samples.ts';
import {
  aCase,
  evil,
  inputWith,
  place as without,
} from '../../../support/responders/report/samples.ts';

const console = 'https://cordon.example.org';
const place = { ...without, console };

/** Pages of AWS to which Cordon itself links: the object of a report, and what AWS recommends. */
const ofAws =
  /\.console\.aws\.amazon\.com\/s3\/object\/evidence\?|^https:\/\/docs\.aws\.amazon\.com\/guardduty\//;

/** Every other address of a text that a mail program makes a link of. */
const addresses = (text: string): readonly string[] =>
  [...text.matchAll(/https?:\/\/[^\s"<]+/g)]
    .map(([address]) => address)
    .filter((address) => !ofAws.test(address));

/** An incident in which others have written what they may; account and region are checked. */
const hostile = async (text: string) => {
  const { incident } = await inputWith(text);
  const { account, region } = (await aCase()).head.finding;
  const finding = { ...incident.head.finding, account, region };
  return { incident: { ...incident, head: { ...incident.head, finding } } };
};

describe('a mail', () => {
  it.each(mailKinds.flatMap((kind) => incidentStates.map((state) => [kind, state] as const)))(
    '%s of an incident %s links once to the console, below the first three lines',
    (kind, state) => {
      const { incident } = inState(state);
      const { body } = letter(incident, kind, place);
      const wanted =
        kind === 'ask' && state !== 'forged'
          ? `Decide in the browser: ${console}/q/${incident.head.id}`
          : `Look in the browser: ${console}/i/${incident.head.id}`;

      expect(body.split('\n')[3]).toBe(wanted);
      expect(addresses(body)).toEqual([wanted.replace(/^.*: /, '')]);
      expect(body.split('\n').slice(0, 3)).toEqual(
        letter(incident, kind, without).body.split('\n').slice(0, 3),
      );
    },
  );

  it.each(mailKinds)('%s has no link where no address is configured', async (kind) => {
    const incident = await aCase();
    for (const scope of [without, { ...without, console: '' }])
      expect(addresses(letter(incident, kind, scope).body)).toEqual([]);
  });

  it.each(evil.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'leads nowhere else, whatever a finding says: %s',
    async (_name, text) => {
      const lines = `${text}\nLook in the browser: https://evil.example/i/x`;
      for (const words of [text, lines]) {
        const { incident } = await hostile(words);
        for (const kind of mailKinds) {
          expect(addresses(letter(incident, kind, without).body)).toEqual([]);
          expect(new Set(addresses(letter(incident, kind, place).body))).toEqual(
            new Set([`${console}/${kind === 'ask' ? 'q' : 'i'}/${incident.head.id}`]),
          );
        }
      }
    },
  );

  it('about a drill, a refusal or a week of observing links to the incident that it names', async () => {
    const incident = await aCase();
    const { id } = incident.head;
    const score: Score = {
      ...{ scenario: 'lambda-credential-theft', incidentId: id, checks: 1, failed: [] },
      ...{ restored: true, firstDeniedMs: 4 },
    };
    const refused = { what: 'answer', incident: id, why: 'no proof', execution: 'x' } as const;
    const observed = { account: '1', show: String };
    const made = (scope: typeof without) => [
      drillLetter(incident, score, scope).body,
      refusedLetter(refused, scope).body,
      observedLetter([incident.head], { ...observed, scope }).body,
    ];

    for (const body of made(place)) {
      expect(body).toContain(`\nLook in the browser: ${console}/i/${id}\n`);
      expect(addresses(body)).toEqual([`${console}/i/${id}`]);
    }
    for (const body of made(without)) expect(addresses(body)).toEqual([]);
    expect(addresses(refusedLetter({ ...refused, incident: null }, place).body)).toEqual([]);
  });
});

it('a digest links to each incident that it lists', () => {
  const noticeOf = (kind: MailKind) => {
    const { incident } = inState(kind === 'ask' ? 'awaiting-approval' : 'contained');
    const { id } = incident.head;
    return { ...letter(incident, kind, place), ...{ incident: id, kind, round: 0, at: 0 } };
  };
  const { body } = digest([noticeOf('ask'), noticeOf('report1')], 2, 0);

  expect(body.match(/^ {4}(Decide|Look) in the browser: .*$/gm)).toEqual([
    `    Decide in the browser: ${console}/q/${noticeOf('ask').incident}`,
    `    Look in the browser: ${console}/i/${noticeOf('report1').incident}`,
  ]);
});

describe('a report', () => {
  const input = sampleInput();
  const { id } = input.incident.head;

  it('links to its incident in the console, in every form', () => {
    const { html, text, json } = forms({ ...input, place: { ...input.place, console } });

    expect(html).toContain(`\n<a href="${console}/i/${id}">${console}/i/${id}</a>`);
    expect(text).toContain(`In the browser: ${console}/i/${id}`);
    expect(JSON.parse(json)).toMatchObject({ view: { console: `cordon.example.org/i/${id}` } });
  });

  it('has no link where no address is configured', () => {
    const { html, text, json } = forms(input);

    expect(html.match(/href="(?!#|\.\.\/)/g)).toBeNull();
    expect(text).not.toContain('In the browser');
    expect(JSON.parse(json)).toMatchObject({ view: { console: null } });
  });
});

it('the console serves the pages to which mails link', () => {
  const routes = readFileSync('console/pages/src/routes.ts', 'utf8');
  for (const path of ['/q/:id', '/i/:id']) expect(routes).toContain(`'${path}`);
});
