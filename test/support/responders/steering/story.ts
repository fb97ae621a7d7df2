import { drillFields, proofMember } from '../../../../responders/incident/drill.ts';
import { at } from '../../../../responders/shared/json.ts';
import { accountId } from '../../fakes/account.ts';
import { lambdaFinding } from '../../fakes/findings.ts';
import fc from '../../property.ts';
import { faultKinds, type Plan } from '../interleaver.ts';
import { type Deployed, deployed } from './deployment.ts';
import {
  change,
  neverContain,
  type Outside,
  outsideKinds,
  protectedRoles,
  startOf,
} from './outside.ts';
import { forgeries, people } from './people.ts';

const minute = 60_000;
const hour = 60 * minute;

const nth = fc.nat(3);
const about = fc.constantFrom(
  'orders',
  'orders',
  'orders',
  'neighbour',
  'cordon',
  'linked',
  'pager',
);
const forgery = fc.constantFrom(...forgeries);
const does = <const T extends string>(name: T) => fc.constant(name);

/** One thing that somebody does, or that happens. */
const aMove = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: does('finding'), about, drill: fc.boolean() }) },
  fc.record({ does: does('repeat'), nth }),
  { weight: 2, arbitrary: fc.record({ does: does('revision'), nth }) },
  fc.record({ does: does('finding elsewhere'), about }),
  fc.record({ does: does('forged finding'), about }),
  fc.record({ does: does('finding about another'), nth, about }),
  fc.record({ does: does('finding that names another by now'), nth, about }),
  fc.record({ does: does('drill without a proof'), about }),
  { weight: 2, arbitrary: fc.record({ does: does('answer'), nth, contain: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: does('late answer'), nth, contain: fc.boolean() }) },
  fc.record({ does: does('forged answer'), nth, contain: fc.boolean(), forgery }),
  fc.record({ does: does('forged late answer'), nth, contain: fc.boolean(), forgery }),
  fc.record({ does: does('silence'), nth }),
  fc.record({ does: does('questions are asked again') }),
  { weight: 3, arbitrary: fc.record({ does: does('release'), nth, forced: fc.boolean() }) },
  fc.record({ does: does('forged release'), nth, forced: fc.boolean(), forgery }),
  {
    weight: 6,
    arbitrary: fc.record({ does: does('outside'), kind: fc.constantFrom(...outsideKinds) }),
  },
  { weight: 5, arbitrary: fc.record({ does: does('go on'), nth }) },
  { weight: 3, arbitrary: fc.record({ does: does('sweep') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: does('time passes'),
      ms: fc.constantFrom(minute, 20 * minute, 2 * hour, 24 * hour),
    }),
  },
);
export type Move = typeof aMove extends fc.Arbitrary<infer T> ? T : never;

export interface Story extends Plan {
  readonly shared: boolean;
  readonly critical: boolean;
  readonly onTimeout: 'contain' | 'leave';
  /** What is in one group happens at once. */
  readonly groups: readonly (readonly Move[])[];
}

export const aStory: fc.Arbitrary<Story> = fc.record({
  shared: fc.boolean(),
  critical: fc.boolean(),
  onTimeout: fc.constantFrom('contain' as const, 'leave' as const),
  groups: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.tuple(aMove) },
      { weight: 1, arbitrary: fc.tuple(aMove, aMove) },
    ),
    { minLength: 3, maxLength: 14 },
  ),
  order: fc.array(fc.nat(12), { minLength: 1, maxLength: 60 }),
  faults: fc.uniqueArray(fc.record({ at: fc.nat(300), kind: fc.constantFrom(...faultKinds) }), {
    maxLength: 4,
    selector: ({ at }) => at,
  }),
});

export const isForged = (move: Move): boolean =>
  ['forged finding', 'finding about another', 'drill without a proof'].includes(move.does) ||
  ('forgery' in move && move.forgery !== 'replayed');

interface Arrival {
  readonly event: ReturnType<typeof lambdaFinding>;
  readonly drill: boolean;
}

/** What CloudTrail records of a call of the intruder. */
const recordOf = (eventName: string, requestParameters: object, at: number) => ({
  ...{ eventName, requestParameters, eventTime: new Date(at).toISOString() },
  userIdentity: { arn: `arn:aws:iam::${accountId}:user/mallory` },
});

/** A deployment in an account with an intruder, and everything that the story lets happen. */
export const stage = (told: Story) => {
  const start = startOf(told);
  const worlds = { real: structuredClone(start), meant: structuredClone(start) };
  const faults = [...told.faults];
  const cordon = deployed(
    worlds.real,
    { order: told.order, faults },
    {
      neverContain,
      onTimeout: told.onTimeout,
      breaker: { limit: 99, limitOfType: 99, minutes: 60 },
    },
  );
  const { clock, cases, findings, changes, gates, questions, steps } = cordon;
  const { answer, release } = people(cordon);
  const arrivals: Arrival[] = [];
  const executions: string[] = [];
  /** The rounds of incidents for whose release a person has made a MAC. */
  const mayRelease = new Set<string>();
  let count = 0;
  const name = (what: string): string => {
    count += 1;
    return `${what.replaceAll(' ', '-')}-${count}`;
  };
  const outside: Outside = {
    worlds,
    isHeld: (responder, target) =>
      [...cases.items.keys()].some((key) => key.startsWith(`TARGET#${responder}#${target}\n`)),
    record: (eventName, requestParameters) =>
      void changes.push(recordOf(eventName, requestParameters, clock.at)),
    now: () => clock.at,
  };

  const eventAbout = (functionName: string, id = `f${arrivals.length}`) => {
    const now = new Date(clock.at).toISOString();
    const role = protectedRoles[functionName];
    const path = role ? `${role.path}${role.name}` : `/${start.functions.get(functionName)?.role}`;
    const arn = `arn:aws:iam::${accountId}:role${path}`;
    return lambdaFinding({ id, functionName, role: arn, updatedAt: now, lastSeen: now });
  };
  const handle = (input: Parameters<Deployed['handle']>[1]): void => {
    const execution = name('execution');
    executions.push(execution);
    void cordon.handle(execution, input);
  };
  const arrive = (arrival: Arrival): void => {
    arrivals.push(arrival);
    if (!arrival.drill) findings.set(arrival.event.detail.id, arrival.event.detail);
    handle(arrival);
  };
  const proven = async (event: Arrival['event']): Promise<Arrival['event']> => {
    const proof = await cordon.prove('drill', drillFields(event.detail));
    const detail = { ...event.detail, [proofMember]: proof };
    return { ...event, detail };
  };
  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list[index % Math.max(1, list.length)];

  const move = async (what: Move): Promise<void> => {
    switch (what.does) {
      case 'finding': {
        const event = eventAbout(what.about);
        return arrive({ event: what.drill ? await proven(event) : event, drill: what.drill });
      }
      case 'repeat': {
        const arrival = pick(arrivals, what.nth);
        if (arrival) handle(arrival);
        return;
      }
      case 'revision': {
        const arrival = pick(arrivals, what.nth);
        if (!arrival) return;
        const { id, resource } = arrival.event.detail;
        const event = eventAbout(resource.lambdaDetails.functionName, id);
        return arrive({ ...arrival, event: arrival.drill ? await proven(event) : event });
      }
      case 'finding elsewhere': {
        const here = JSON.stringify(eventAbout(what.about));
        return handle({
          event: JSON.parse(here.replaceAll('eu-west-1', 'us-east-1')),
          drill: false,
        });
      }
      case 'forged finding':
        return handle({ event: eventAbout(what.about, name('forged')), drill: false });
      case 'finding about another': {
        const arrival = pick(arrivals, what.nth);
        if (!arrival || arrival.drill) return;
        const { id, resource } = arrival.event.detail;
        const held = at(findings.get(id), 'resource.lambdaDetails.functionName');
        if ([resource.lambdaDetails.functionName, held].includes(what.about)) return;
        return handle({ event: eventAbout(what.about, id), drill: false });
      }
      case 'finding that names another by now': {
        const arrival = pick(arrivals, what.nth);
        if (!arrival || arrival.drill) return;
        const { id, resource } = arrival.event.detail;
        if (resource.lambdaDetails.functionName === what.about) return;
        cordon.pass(1);
        findings.set(id, eventAbout(what.about, id).detail);
        return handle(arrival);
      }
      case 'drill without a proof':
        return handle({ event: eventAbout(what.about, name('drill')), drill: true });
      case 'answer':
      case 'forged answer': {
        const [question] = questions.splice(what.nth % Math.max(1, questions.length), 1);
        const { head } =
          (await cordon.everyCase()).find(
            (incident) => incident.head.id === question?.incidentId,
          ) ?? {};
        if (!question || !head) return;
        return question.answer(
          await answer(head, what.contain, what.does === 'answer' ? undefined : what.forgery),
        );
      }
      case 'late answer':
      case 'forged late answer': {
        const head = pick(await cordon.everyCase(), what.nth)?.head;
        if (!head) return;
        const forged = what.does === 'late answer' ? undefined : what.forgery;
        return handle({
          incidentId: head.id,
          answer: await answer(head, what.contain, forged),
        });
      }
      case 'silence': {
        const [question] = questions.splice(what.nth % Math.max(1, questions.length), 1);
        return question?.answer({ silent: true });
      }
      case 'release':
      case 'forged release': {
        const incident = pick(await cordon.everyCase(), what.nth);
        if (!incident) return;
        const { head } = incident;
        const forged = what.does === 'release' ? undefined : what.forgery;
        if (!forged) mayRelease.add(`${head.id}#${head.round}`);
        const input = await release(head, what.forced, forged);
        return void cordon.letGo(name(what.does), input);
      }
      case 'outside':
        return void steps.wait(what.kind, () => change(what.kind, outside));
      case 'go on': {
        const [goOn] = gates.splice(what.nth % Math.max(1, gates.length), 1);
        return goOn?.();
      }
      case 'sweep':
        return void cordon.lookAtHolds(name('sweep'));
      case 'questions are asked again':
        await cordon.askOnSchedule();
        return;
      case 'time passes': {
        cordon.pass(what.ms);
        for (const question of questions.filter(({ endsAt }) => endsAt <= clock.at)) {
          questions.splice(questions.indexOf(question), 1);
          question.answer({ silent: true });
        }
      }
    }
  };
  return { ...cordon, worlds, start, faults, executions, mayRelease, move };
};

export type Stage = ReturnType<typeof stage>;
