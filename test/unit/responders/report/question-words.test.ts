import { describe, expect, it } from 'vitest';
import { schema } from '../../../../cli/schemas/show.ts';
import { incidentText } from '../../../../operator/incident-text.ts';
import { incidentView } from '../../../../operator/incident-view.ts';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { catalog } from '../../../../responders/contain/catalogue.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { deadlineText, waitingText } from '../../../../responders/report/question-words.ts';
import { aFunction, aWorld } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { firstReport, place } from '../../../support/responders/report/samples.ts';

const policy = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Condition: {
        ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:eu-west-1:1:a1/prod/POST/orders' },
      },
    },
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-1:1:rule/nightly' } },
    },
  ],
});

const used = {
  policy,
  urls: new Map([['', 'NONE' as const]]),
  mappings: new Map([
    ['orders', 'Enabled'],
    ['off', 'Disabled'],
  ]),
};

/** An incident that asks about a critical function, as it is stored once its question was sent. */
const asked = async (over: Partial<ReturnType<typeof aFunction>> = {}, drill = false) => {
  const tags = { 'cordon:tier': 'critical', 'cordon:drill': 'allowed' };
  const functions = new Map([['orders', aFunction({ tags, ...over })]]);
  const { deps } = fakeDeps(aWorld({ functions }));
  const event = lambdaFinding();
  const { incidentId } = await containFinding({ event, execution: 'e', drill }, deps);
  const askedAt = Date.parse('2026-11-21T03:11:30Z');
  const timeLimit = { askedAt, endsAt: askedAt + 30 * 60_000, onTimeout: 'leave' } as const;
  await update(deps.table, incidentId, { timeLimit });
  return { deps, incidentId, incident: await readCase(deps.table, incidentId) };
};

/** Every form in which a person or a program reads an incident. */
const formsOf = (incident: Case) => {
  const view = incidentView(incident, { mask: place.mask, bucket: 'evidence' });
  expect(schema.safeParse(JSON.parse(JSON.stringify(view))).error).toBeUndefined();
  const report = firstReport(incident);
  const kind = incident.head.state === 'awaiting-approval' ? 'ask' : 'flash';
  return {
    mail: letter(incident, kind, place).body,
    show: incidentText(view),
    'show --json': JSON.stringify(view),
    text: report.text,
    html: report.html.replaceAll('&#x3D;', '=').replaceAll('&#x27;', "'"),
    json: report.json,
  };
};

/** The forms that a person reads before deciding; no report is written while a question waits. */
const before = (incident: Case) => {
  const { mail, show, ...others } = formsOf(incident);
  return { mail, show, json: others['show --json'] };
};

describe('a question', () => {
  it.each([
    ['why Cordon asks', /it is tagged cordon:tier=critical/],
    ['which route fails', /POST \/orders/],
    ['which rule fails', /events rule\/nightly/],
    ['which queue waits', /queue queue-orders/],
    ['that its URL closes', /its public URL/],
    ['what each change stops', /Every new invocation, from any trigger/],
  ])('says %s, in mail, show and JSON', async (_fact, pattern) => {
    const { incident } = await asked(used);
    for (const [form, content] of Object.entries(before(incident)))
      expect(content, form).toMatch(pattern);
  });

  it('says in the first three lines who, what, why and what now', async () => {
    const { incident } = await asked();
    const [what, where, state] = before(incident).mail.split('\n');
    expect(what).toMatch(/^What: {2}Backdoor:Lambda\/C&CActivity\.B \(severity 8, HIGH\)$/);
    expect(where).toMatch(/^Where: function orders, role orders-role, in /);
    expect(state).toContain('waits for your decision (it is tagged cordon:tier=critical). NEXT: ');
    expect(state).toContain(`cordon decide ${incident.head.id} --contain`);
    expect(before(incident).show).toMatch(/^NOT CONTAINED: .* \(it is tagged cordon:tier=/);
  });

  it('names every change of an approval, with what it stops, in the words of its responder', async () => {
    const { incident } = await asked(used);
    const changed = catalog.filter(({ targets }) =>
      incident.head.suspect ? targets(incident.head.suspect).length > 0 : false,
    );
    expect(changed).toHaveLength(4);
    const { mail, show, json } = before(incident);
    for (const { title, stops } of changed)
      for (const content of [mail, show, json]) {
        expect(content).toContain(title);
        expect(content).toContain(stops);
      }
  });

  it('says in mail and show until when it waits, and what happens then', async () => {
    const { incident } = await asked();
    const { mail, show, json } = before(incident);
    for (const content of [mail, show]) {
      expect(content).toContain('without an answer it is left alone after 30 min, at 03:41 UTC');
      expect(content).toContain('Decide by 03:41 UTC: cordon decide');
    }
    expect(JSON.parse(json)).toMatchObject({ timeLimit: { onTimeout: 'leave' } });
  });

  it('says over which bus it came: the one that only GuardDuty uses, or the one for drills', async () => {
    const [real, drill] = [await asked(), await asked({}, true)];
    for (const form of ['mail', 'show'] as const) {
      expect(before(real.incident)[form]).toContain('GuardDuty, over the default event bus');
      expect(before(drill.incident)[form]).toContain('a drill, over the bus for drills');
    }
  });

  it('does not name an event source that is switched off', async () => {
    const { incident } = await asked(used);
    for (const content of Object.values(before(incident)))
      expect(content).not.toContain('queue-off');
  });

  it('keeps a bounded number of callers, and says how many more there are', async () => {
    const mappings = new Map(
      Array.from({ length: 150 }, (_, at) => [`q${at}`, 'Enabled'] as const),
    );
    const { incident } = await asked({ mappings });
    expect(incident.head.proposal?.callers).toHaveLength(100);
    expect(before(incident).mail).toContain('queue queue-q9; 90 more');
  });

  it('says that nothing calls it, and that what calls it could not be read', async () => {
    const { incident } = await asked();
    expect(before(incident).mail).toContain('nothing that calls it was found');
    const { head } = incident;
    const unread = {
      ...head,
      ...(head.proposal && { proposal: { ...head.proposal, callers: null } }),
    };
    expect(before({ ...incident, head: unread }).mail).toContain(
      'not known: what calls it could not be read',
    );
  });

  it('has one command for each answer', async () => {
    const { incident } = await asked();
    const { mail } = before(incident);
    expect(mail).toContain(`Contain:     cordon decide ${incident.head.id} --contain`);
    expect(mail).toContain(`Leave alone: cordon decide ${incident.head.id} --leave`);
  });
});

describe('an incident that was left alone', () => {
  const left = async () => {
    const { deps, incidentId } = await asked(used);
    const answer = { approved: false, by: 'anna', reason: 'a load test' };
    await containAnswered(incidentId, answer, deps);
    return { deps, incident: await readCase(deps.table, incidentId) };
  };

  it('says who left it, why, why it was asked, and how to contain it after all', async () => {
    const { incident } = await left();
    const { json, ...forPeople } = formsOf(incident);
    for (const [form, content] of Object.entries(forPeople)) {
      expect(content, form).toContain('left alone by anna: a load test');
      expect(content, form).toContain('it is tagged cordon:tier=critical');
    }
    for (const form of ['mail', 'show', 'text'] as const)
      expect(forPeople[form]).toContain(`cordon decide ${incident.head.id} --contain`);
    expect(JSON.parse(json)).toMatchObject({
      proposal: { because: 'it is tagged cordon:tier=critical' },
      timeLimit: { onTimeout: 'leave' },
      answers: [{ by: 'anna', contain: false, reason: 'a load test' }],
    });
  });

  it('says nothing of a waiting question any more', async () => {
    const { incident } = await left();
    const { mail, show, text } = formsOf(incident);
    for (const content of [mail, show, text]) {
      expect(content).not.toContain('without an answer');
      expect(content).not.toContain('Approving makes these changes');
    }
  });
});

describe('an incident that nobody was asked about', () => {
  it('has nothing of a question', async () => {
    const { deps } = fakeDeps();
    const event = lambdaFinding();
    const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
    const { mail, show, text, ...others } = formsOf(await readCase(deps.table, incidentId));
    for (const content of [mail, show, text])
      expect(content).not.toMatch(/asked by|came from|waiting:|^before/im);
    expect(JSON.parse(others['show --json'])).toMatchObject({ answers: [] });
    expect(others['show --json']).not.toMatch(/proposal|timeLimit/);
  });
});

it('a deadline names its day where that is another one than the question’s', () => {
  const askedAt = Date.parse('2026-11-21T23:50:00Z');
  const limit = { askedAt, endsAt: askedAt + 30 * 60_000, onTimeout: 'contain' } as const;
  expect(deadlineText(limit)).toBe('2026-11-22 00:20 UTC');
  expect(waitingText(limit, undefined)).toBe(
    'without an answer it is contained after 30 min, at 2026-11-22 00:20 UTC',
  );
});

it('a question about a finding in doubt does not say that silence contains it', () => {
  const limit = { askedAt: 0, endsAt: 30 * 60_000 };
  const proposal = { because: 'archived', changes: [], callers: null, doubted: true } as const;
  expect(waitingText({ ...limit, onTimeout: 'contain' }, proposal)).toBe(
    'without an answer after 30 min, at 00:30 UTC, it is contained only if the finding has ' +
      'proven to be real by then; otherwise it is left alone, and asked again',
  );
  expect(waitingText({ ...limit, onTimeout: 'leave' }, proposal)).toBe(
    'without an answer it is left alone after 30 min, at 00:30 UTC',
  );
});
