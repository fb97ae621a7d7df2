import { vi } from 'vitest';
import { arrivedAnswer } from '../../../../responders/contain/arrived-answer.ts';
import { askedRelease } from '../../../../responders/contain/asked-release.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Contained } from '../../../../responders/contain/next-step.ts';
import { provenanceFinder } from '../../../../responders/contain/provenance.ts';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import type { Settings } from '../../../../responders/decide/settings.ts';
import { askAgain } from '../../../../responders/handlers/ask-again.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { toldBy } from '../../../../responders/incident/hold-news.ts';
import { openQuestions } from '../../../../responders/incident/open-questions.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail, saveQuestion } from '../../../../responders/incident/records.ts';
import type { QueuedNotice } from '../../../../responders/report/digest.ts';
import { letter, type MailKind } from '../../../../responders/report/mail.ts';
import { asBusy, errorText } from '../../../../responders/shared/errors.ts';
import { listAt, textAt } from '../../../../responders/shared/json.ts';
import type { World } from '../../fakes/account.ts';
import { fakeDeps } from '../../fakes/deps.ts';
import { detectorId } from '../../fakes/findings.ts';
import { interleaver, type Plan } from '../interleaver.ts';

class GetFindingsCommand {
  readonly body: unknown;
  constructor(body: unknown) {
    this.body = body;
  }
}

/** GuardDuty in the region of the deployment, with the findings that it has. */
const fakeGuardDuty = () => {
  const findings = new Map<string, unknown>();
  const client = {
    send: async (command: unknown): Promise<unknown> => {
      if (!(command instanceof GetFindingsCommand)) return { detectorIds: [detectorId] };
      const ids = listAt(command.body, 'findingIds').map(String);
      return { findings: ids.flatMap((id) => findings.get(id) ?? []) };
    },
  };
  return { findings, client };
};

/** A question that waits for an answer, with its token. */
interface Question {
  readonly incidentId: string;
  readonly endsAt: number;
  readonly answer: (answer: unknown) => void;
}

/** What an execution of the incident machine begins with. */
export type MachineInput =
  | { readonly event: unknown; readonly drill: boolean }
  | { readonly incidentId: string; readonly answer: object };

const busy = ['BusyError', 'Lambda.ServiceException'];
const persistently = [...busy, 'SlowError', 'Sandbox.Timedout'];

/** Cordon as it is deployed: its functions, in the order in which the state machines call them. */
export const deployed = (world: World, plan: Plan, over: Partial<Settings>) => {
  const made = fakeDeps(world, over);
  const { account, cases, clock } = made;
  const pass = (ms: number) => {
    clock.at += ms;
    vi.advanceTimersByTime(ms);
  };
  const steps = interleaver(plan, { now: () => clock.at, pass });
  const guardDuty = fakeGuardDuty();
  for (const client of [account.aws.iam, account.aws.lambda, cases.table.dynamo, guardDuty.client])
    steps.between(client);
  const { settings, checkProof } = made.deps;
  const provenanceOf = provenanceFinder({
    settings,
    checkProof,
    guardDuty: (region) =>
      region === settings.region
        ? ({ body }) => guardDuty.client.send(new GetFindingsCommand(body))
        : undefined,
  });
  const deps = { ...made.deps, provenanceOf };
  const { table, now } = deps;
  /** Mails about no incident: failures, and what was refused. */
  const notices: string[] = [];
  /** States of the machines that wait until the story goes on with them. */
  const gates: (() => void)[] = [];
  const questions: Question[] = [];

  /** One state of a state machine, with the retries that its definition names. */
  const task = async <T>(
    name: string,
    seconds: number,
    work: (tries: number) => Promise<T>,
    retried: readonly string[],
  ): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await steps.invoke(`${name}.${tries}`, seconds, () => work(tries));
      } catch (thrown) {
        const error = asBusy(thrown);
        const kind = error instanceof Error ? error.name : '';
        steps.story.push(`   ${name}.${tries} failed: ${kind} ${errorText(error)}`);
        if (!retried.includes(kind) || tries > 1000) throw error;
        await steps.pause(`${name} is tried again`);
      }
    }
  };

  const place = {
    ...{ zone: 'UTC', region: settings.region, catalog: deps.catalog, aws: true, bucket: 'b' },
    mask: (text: string) => text,
  };
  const noticeOf = (incident: Case, kind: MailKind) => {
    const { id, round } = incident.head;
    const written = { ...letter(incident, kind, place), ...toldBy(incident) };
    return { ...written, incident: id, kind, round, at: now() };
  };
  const mail = async ({ incident, body: _body, ...sent }: QueuedNotice): Promise<void> => {
    await saveMail(table, incident, sent);
    steps.story.push(`   mail: ${sent.kind}: ${sent.subject}`);
  };
  const tell = async (id: string, kind: MailKind): Promise<void> => {
    const incident = await readCase(table, id);
    const isSent = incident.mails.some(
      ({ kind: sent, round }) => sent === kind && round === incident.head.round,
    );
    if (!isSent || ['release', 'hold'].includes(kind)) await mail(noticeOf(incident, kind));
  };

  /** Asks again, as the notifier does on its schedule and for a newer finding. */
  const remind = (asked: readonly Case[], when: 'due' | 'now') =>
    askAgain(asked, when, {
      rhythm: { remindMinutes: 60, escalateMinutes: 240, topic: 'others' },
      now: now(),
      noticeOf: (incident) => noticeOf(incident, 'ask'),
      forgetYeses: (id, at) => update(table, id, { yesesSince: at }),
      askOthers: async (_topic, { subject }) => void notices.push(`escalated: ${subject}`),
      ask: (asking) => Promise.all(asking.map(mail)),
    });
  const askOnSchedule = async () => remind(await openQuestions(table), 'due');

  const gate = (): Promise<void> => new Promise((resolve) => gates.push(resolve));

  /** Asks a person and waits for the answer, or for the end of the time. */
  const ask = async ({ incidentId, askSeconds }: Contained): Promise<unknown> => {
    const { timeLimit } = (await readCase(table, incidentId)).head;
    const { onTimeout } = settings;
    const limit = timeLimit ?? { askedAt: now(), endsAt: now() + askSeconds * 1000, onTimeout };
    await saveQuestion(table, incidentId, 'a token');
    await update(table, incidentId, { timeLimit: limit });
    await tell(incidentId, 'ask');
    return new Promise((answer) => questions.push({ incidentId, endsAt: limit.endsAt, answer }));
  };

  const respond = async (id: string, name: string): Promise<void> => {
    await tell(id, 'flash');
    const look = () => task(`watch ${name}`, 60, () => watch(id, deps), busy);
    for (let looks = 0; looks < 6; looks += 1) {
      await gate();
      if ((await look()).holds) break;
    }
    await gate();
    await look();
    await tell(id, 'report2');
  };

  const answered = async (first: Contained, name: string): Promise<Contained> => {
    let said = first;
    while (said.next === 'ask') {
      const answer = await ask(said);
      const { incidentId } = said;
      const again = () => arrivedAnswer({ incidentId, answer }, deps);
      said = await task(`answer ${name}`, 30, again, persistently);
      if (said.refused) notices.push(`refused ${said.refused.what}: ${said.refused.why}`);
    }
    return { ...said, next: said === first ? said.next : 'respond' };
  };

  /** Says that something has failed, as every machine does. */
  const told = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      steps.story.push(`   ${name} gave up: ${String(error)}`);
      notices.push(`failed ${name}: ${errorText(error)}`);
    }
  };

  /** The machine of incidents: from a finding, or from an answer that came late. */
  const handle = (name: string, input: MachineInput) =>
    told(name, async () => {
      const first = (tries: number) =>
        'answer' in input
          ? arrivedAnswer({ ...input, execution: name }, deps)
          : containFinding({ ...input, execution: name, isLastTry: tries > 2 }, deps);
      const said = await answered(await task(`contain ${name}`, 30, first, persistently), name);
      steps.story.push(`   ${name}: ${said.next}, ${said.state}, ${said.decision.reason}`);
      if (said.next === 'tell') await tell(said.incidentId, 'flash');
      if (said.next === 'hold') await tell(said.incidentId, 'hold');
      if (said.next === 'remind') await remind([await readCase(table, said.incidentId)], 'now');
      if (said.next === 'unbelieved') notices.push(`refused late answer: ${said.refused?.why}`);
      if (said.next === 'respond') await respond(said.incidentId, name);
    });

  /** The machine of releases. */
  const letGo = (name: string, input: unknown) =>
    told(name, async () => {
      const done = await task(name, 60, () => askedRelease(input, deps), persistently);
      const refused = textAt(done, 'refused');
      steps.story.push(`   ${name}: ${refused ?? `released: ${done.released}`}`);
      if (refused !== null) notices.push(`refused release: ${refused}`);
      else if (done.incidentId !== null) await tell(done.incidentId, 'release');
    });

  /** The machine that looks at all holds. */
  const lookAtHolds = (name: string) =>
    told(name, async () => {
      const swept = await task(name, 60, () => sweep(null, deps), busy);
      for (const id of swept.tell) await tell(id, 'hold');
    });

  const ids = (): string[] =>
    [...cases.items.keys()].filter((key) => key.endsWith('\nHEAD')).map((key) => key.slice(4, -5));
  const everyCase = (): Promise<Case[]> => Promise.all(ids().map((id) => readCase(table, id)));

  return {
    ...made,
    ...{
      deps,
      steps,
      pass,
      notices,
      gates,
      questions,
      handle,
      letGo,
      lookAtHolds,
      askOnSchedule,
      everyCase,
    },
    findings: guardDuty.findings,
  };
};

export type Deployed = ReturnType<typeof deployed>;
