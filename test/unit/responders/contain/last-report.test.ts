import { describe, expect, it } from 'vitest';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { toldBy } from '../../../../responders/incident/hold-news.ts';
import { isOverdue } from '../../../../responders/incident/last-report.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail, saveStage } from '../../../../responders/incident/records.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { contain } from '../../../support/responders/contained.ts';
import { place } from '../../../support/responders/report/samples.ts';
import { closingStage } from '../../../support/responders/stages.ts';

const hour = 3_600_000;

/** An incident whose execution was stopped after its first state, and the mails about it. */
const stopped = async () => {
  const { deps, clock } = fakeDeps();
  const { incidentId } = await contain(deps, 'f1');
  const read = () => readCase(deps.table, incidentId);
  const look = async () => (await sweep(null, deps)).tell;
  const mail = async () => {
    const incident = await read();
    const written = letter(incident, 'hold', { ...place, aws: true });
    const { round } = incident.head;
    const sent = { kind: 'hold', subject: written.subject, round, at: clock.at };
    await saveMail(deps.table, incidentId, { ...sent, ...toldBy(incident) });
    return written;
  };
  return { deps, clock, incidentId, read, look, mail };
};

describe('an execution that was stopped after it had contained', () => {
  it('is told by the hourly look, with what finishes it, and once', async () => {
    const { clock, incidentId, look, mail, read } = await stopped();
    clock.at += hour;
    expect(await look()).toEqual([]);
    clock.at += 2 * hour;
    expect(await look()).toEqual([incidentId]);

    const { subject, body } = await mail();

    const { execution } = (await read()).head;
    expect(subject).toBe(`Cordon REPORTS MISSING HIGH contained: ${incidentId}, orders`);
    const [, , state] = body.split('\n');
    expect(state).toContain(
      'NEXT: Have its evidence and reports made: ' +
        'aws stepfunctions redrive-execution ' +
        `--execution-arn '${execution}' (if it hangs, stop it first). Look at what`,
    );
    expect(body).toContain(`whether somebody stopped it (StopExecution): ${execution}`);
    clock.at += hour;
    expect(await look()).toEqual([]);
  });

  it('is told again by the next look where the first ended before its mail', async () => {
    const { clock, incidentId, look } = await stopped();
    clock.at += 3 * hour;
    await look();

    expect(await look()).toEqual([incidentId]);
  });

  it('is overdue once in a round, and after an answer only when the answer is old', async () => {
    const { clock, read } = await stopped();
    const incident = await read();
    const answer = { at: clock.at + 30 * hour, by: 'anna', contain: true, reason: 'late' };
    const overdue = (over: Partial<typeof incident.head>, hours: number) => {
      const head = { ...incident.head, ...over };
      return isOverdue({ ...incident, head }, { now: clock.at + hours * hour, lagSeconds: 900 });
    };

    expect(overdue({}, 3)).toBe(true);
    expect(overdue({ overdue: 1 }, 3)).toBe(false);
    expect(overdue({ overdue: 1, round: 2 }, 3)).toBe(true);
    expect(overdue({ answers: [answer] }, 31)).toBe(false);
    expect(overdue({ answers: [answer] }, 33)).toBe(true);
  });

  it('says no more of it when the last report was sent after all', async () => {
    const { deps, clock, incidentId, look, mail } = await stopped();
    clock.at += 3 * hour;
    await look();
    await saveStage(deps.table, incidentId, closingStage);

    const { subject, body } = await mail();

    expect(subject).not.toContain('MISSING');
    expect(body).not.toContain('redrive-execution');
  });
});

it('an incident whose last report was sent is never told for it', async () => {
  const { deps, clock, incidentId, look } = await stopped();
  await saveStage(deps.table, incidentId, closingStage);
  clock.at += 30 * hour;

  expect(await look()).toEqual([]);
});
