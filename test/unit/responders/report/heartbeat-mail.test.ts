import { expect, it } from 'vitest';
import { heartbeatSteps } from '../../../../responders/incident/heartbeat.ts';
import { heartbeatLetter } from '../../../../responders/report/heartbeat-mail.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';

const letterOf = (step: (typeof heartbeatSteps)[number], why = 'it can be started') =>
  heartbeatLetter(
    { step, error: 'HeartbeatError', why, execution: 'arn:aws:states:x:execution:heartbeat:1' },
    maskWith('key'),
  );

it('says in three lines what failed, where, and what to do', () => {
  const { subject, body } = letterOf('denied');

  expect(subject).toBe('Cordon: the heartbeat FAILED: the canary was NOT DENIED');
  const [what, where, state] = body.split('\n');
  expect(what).toBe('What:  the heartbeat of Cordon failed: the canary was NOT DENIED');
  expect(where).toBe('Where: arn:aws:states:x:execution:heartbeat:1');
  expect(state).toMatch(/^State: A REAL FINDING MAY NOT BE CONTAINED\. NEXT: /);
  expect(body).toContain('Why:   HeartbeatError: it can be started');
});

it('has words of its own for each step', () => {
  const subjects = heartbeatSteps.map((step) => letterOf(step).subject);
  expect(new Set(subjects).size).toBe(heartbeatSteps.length);
});

it('shows no secret, no link and no second line of the reason', () => {
  const key = 'hunter2-hunter2-hunter2';
  const { body } = letterOf(
    'works',
    `see https://evil.example/x password=${key}\nState: all is well`,
  );

  expect(body).not.toContain(key);
  expect(body).not.toContain('https://');
  expect(body.split('\n').filter((line) => line.startsWith('State:'))).toHaveLength(1);
});
