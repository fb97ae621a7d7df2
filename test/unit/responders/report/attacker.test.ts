import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../../cli/schemas/show.ts';
import { incidentText } from '../../../../operator/incident-text.ts';
import { incidentView } from '../../../../operator/incident-view.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { forms } from '../../../../responders/report/make.ts';
import { aWorld } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';
import { firstReport, place, timelineOf } from '../../../support/responders/report/samples.ts';

const fixture = (name: string): { readonly detail: Readonly<Record<string, unknown>> } =>
  JSON.parse(
    readFileSync(`test/support/fixtures/guardduty/${name}.json`, 'utf8').replaceAll(
      'eu-central-1',
      'eu-west-1',
    ),
  );

/** No user exists, so that a finding about one is told and not confirmed. */
const caseOf = async (event: unknown): Promise<Case> => {
  const { deps } = fakeDeps(aWorld({ users: new Map() }));
  const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
  return readCase(deps.table, incidentId);
};

/** Every form in which a person or a program reads the incident. */
const formsOf = async (event: unknown) => {
  const incident = await caseOf(event);
  const report = firstReport(incident);
  const view = incidentView(incident, { mask: place.mask, bucket: 'evidence' });
  expect(schema.safeParse(JSON.parse(JSON.stringify(view))).error).toBeUndefined();
  const text = {
    html: report.html,
    text: report.text,
    json: report.json,
    show: incidentText(view),
    'show --json': JSON.stringify(view),
  };
  return { incident, report, view, letter: letter(incident, 'flash', place), text };
};

const theft = fixture('credential-exfiltration');
const user = fixture('iam-user');
const sample = fixture('sample');
const unreadable = { ...theft, detail: { ...theft.detail, updatedAt: 'yesterday' } };

const from = ['198.51.100.23', 'Nowhere', 'Example Org'];

const classes = [
  {
    name: 'a role session with its key',
    event: theft,
    known: [...from, 'orders-role', 'MPL3', 'GetObject'],
    absent: ['user deploy', 'GeneratedFinding'],
  },
  {
    name: 'a Lambda function',
    event: fixture('lambda-tor'),
    known: ['orders'],
    absent: ['access key ending', 'keyEnd', 'From:'],
  },
  {
    name: 'an IAM user',
    event: user,
    known: [...from, 'deploy', 'MPL3', 'ListUsers'],
    absent: ['orders-role', 'session orders'],
  },
  {
    name: 'an event that cannot be read',
    event: unreadable,
    known: [...from, 'orders-role', 'MPL3'],
    absent: ['user deploy'],
  },
];

describe.each(classes)('of $name', ({ event, known, absent }) => {
  it('every known fact is in the mail, the report and what show prints', async () => {
    const { text, letter: mail } = await formsOf(event);
    for (const [form, content] of Object.entries({ ...text, mail: mail.body }))
      for (const fact of known) expect(content, `${form}: ${fact}`).toContain(fact);
  });

  it('a fact that is not known is nowhere', async () => {
    const { text, letter: mail } = await formsOf(event);
    for (const [form, content] of Object.entries({ ...text, mail: mail.body }))
      for (const fact of absent) expect(content, `${form}: ${fact}`).not.toContain(fact);
  });

  it('shows no more of the access key than its end', async () => {
    const { text, letter: mail, incident } = await formsOf(event);
    for (const content of [...Object.values(text), mail.body, JSON.stringify(incident.head)])
      expect(content).not.toMatch(/A[KS]IA1EXAMPLE/);
  });
});

describe('of a finding about a user', () => {
  it('the report names the user, is not sure of it, and says what to rotate', async () => {
    const { report, letter: mail } = await formsOf(user);
    expect(report.view.where).toContain('user deploy (named by the finding, not confirmed)');
    expect(report.view.verdict.confidence.word).toBe('low');
    expect(report.view.rotate.map(({ what }) => what)).toEqual([
      'access key ending MPL3 of user deploy',
      'user deploy: password, MFA devices and other keys',
    ]);
    expect(report.view.glance.now).toContain('access key ending MPL3 of user deploy');
    expect(mail.subject).toContain('user deploy');
    expect(mail.body).toContain('set the access key ending MPL3 of user deploy inactive');
  });

  it('one gap says that no function was read', async () => {
    const { view } = await formsOf(user);
    expect(view.evidence.gaps.filter(({ what }) => what.includes('function code'))).toEqual([]);
  });
});

describe('of a sample', () => {
  it('there is one short notice, which is not HIGH', async () => {
    const { incident, letter: mail } = await formsOf(sample);
    expect(incident.head.state).toBe('suppressed');
    expect(mail.subject).toMatch(/^Cordon recorded only: inc-/);
    expect(`${mail.subject} ${mail.body}`).not.toMatch(/HIGH|CRITICAL/);
    expect(mail.body.trimEnd().split('\n').length).toBeLessThanOrEqual(4);
    expect(mail.body).toContain('(it is a sample finding: nothing real is behind it)');
    expect(mail.body).toContain('NEXT: Nothing to do');
  });

  it('its execution ends with the notice', async () => {
    const { deps } = fakeDeps();
    const made = await containFinding({ event: sample, execution: 'e', drill: false }, deps);
    expect(made.next).toBe('tell');
  });
});

it('an unreadable finding keeps the severity that could be read', async () => {
  const { letter: mail } = await formsOf(unreadable);
  expect(mail.body).toContain('severity 8, HIGH');
  const nothing = await formsOf({ detail: {} });
  expect(nothing.letter.body).toContain('severity unknown');
  expect(nothing.letter.subject).toContain('SEVERITY UNKNOWN');
});

it('a stolen session of a function is contained, and its facts are kept in later revisions', async () => {
  const { deps } = fakeDeps();
  const arrival = (event: unknown, execution: string) => ({ event, execution, drill: false });
  const { incidentId } = await containFinding(arrival(stolenSession(), 'e'), deps);
  const later = stolenSession();
  const revised = {
    ...later,
    detail: {
      ...later.detail,
      updatedAt: '2026-11-21T10:30:05.000Z',
      service: { ...later.detail.service, action: theft.detail.service },
    },
  };
  await containFinding(arrival(revised, 'another'), deps);
  const { head } = await readCase(deps.table, incidentId);
  expect(head.state).toBe('contained');
  expect(head.attacker).toMatchObject({ role: 'orders-role', session: 'orders', keyEnd: 'MPLE' });
});

describe('of the first pass', () => {
  const firstPass = async () => {
    const incident = await caseOf(lambdaFinding());
    const timeline = { ...timelineOf('x'), pass: 1 as const, reached: [], lastAllowed: null };
    return forms({
      incident,
      version: 1,
      place,
      timeline: { ok: true, timeline },
      documents: new Map(),
      previous: null,
      now: Date.parse('2026-11-21T10:00:20Z'),
    });
  };

  it('the report does not say that nothing was reached or allowed', async () => {
    const { view, text } = await firstPass();
    expect(view.reached.sentence).toContain('data events not delivered yet: unknown');
    expect(view.contained.proof).toContainEqual({
      label: 'Last allowed',
      text: 'data events not delivered yet: unknown',
    });
    expect(text).not.toMatch(/nothing that was reached|no allowed call/);
  });
});

it('commands in mails and reports name AWS where the deployment is there', async () => {
  const incident = await caseOf(lambdaFinding());
  const { body } = letter(incident, 'flash', { ...place, aws: true });
  expect(body).toContain(`cordon report ${incident.head.id} --aws`);
  expect(body).toContain(`cordon release ${incident.head.id} --aws --reason`);
  expect(letter(incident, 'flash', place).body).not.toContain('--aws');
});
