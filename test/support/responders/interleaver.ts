import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as settled } from 'node:timers/promises';
import { BusyError, DeadlineError } from '../../../responders/shared/errors.ts';

/**
 * What may happen to one call. `lost`: made, and no answer ever came. `twice`: the answer was lost,
 * and the SDK asked again. `late`: no answer before the deadline. `killed`: the function ended
 * here, before the call. `forgotten`: Step Functions heard nothing of the function and starts it
 * again, and the first one goes on.
 */
export const faultKinds = [
  'throttled',
  'denied',
  'lost',
  'twice',
  'late',
  'killed',
  'forgotten',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Plan {
  /**
   * Which of the calls that wait is let through next; read from the start again when it is used up.
   */
  readonly order: readonly number[];
  /** What happens to the call that is let through as the n-th. */
  readonly faults: readonly { readonly at: number; readonly kind: FaultKind }[];
}

/** One invocation of a function. */
interface Run {
  readonly name: string;
  /** Lambda ends it then. */
  readonly dies: number;
  alive: boolean;
  /**
   * It has answered. What it left unfinished is frozen with it, and goes on whenever the function
   * is used again.
   */
  answered: boolean;
  readonly fail: (error: Error) => void;
}

interface Call {
  readonly run: Run | undefined;
  readonly what: string;
  readonly make: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface Command {
  readonly constructor: { readonly name: string };
}

/** A client of a service, as far as it can be held up. */
export interface Client {
  send(command: unknown): unknown;
}

export interface Time {
  readonly now: () => number;
  readonly pass: (ms: number) => void;
}

const named = (name: string) => Object.assign(new Error(`(${name})`), { name });

/**
 * Lets one call at a time through, in the order of the plan, so that every way in which functions
 * can meet can be told again.
 */
export const interleaver = ({ order, faults }: Plan, clock: Time) => {
  const running = new AsyncLocalStorage<Run>();
  const waiting: Call[] = [];
  const story: string[] = [];
  let count = 0;

  const wait = (what: string, make: () => unknown, run?: Run): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.push({ run, what, make, resolve, reject }));

  /** A state machine or a person waits: long where nothing else goes on, and else for a moment. */
  const pause = (what: string) =>
    wait(what, () => clock.pass(waiting.some(({ run }) => run) ? 400 : 8_000));

  /** Puts the interleaver between a function and a service. */
  const between = (client: Client): void => {
    const send = client.send.bind(client);
    client.send = (command: Command) => {
      const run = running.getStore();
      const make = async () => send(command);
      return run ? wait(command.constructor.name.replace(/Command$/, ''), make, run) : make();
    };
  };

  /** Starts a function. It ends with its answer, its error, or by force. */
  const invoke = <T>(name: string, seconds: number, work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, fail) => {
      const run: Run = {
        name,
        dies: clock.now() + seconds * 1000,
        alive: true,
        answered: false,
        fail,
      };
      const over = () => {
        run.answered = true;
      };
      void running.run(run, work).then(resolve, fail).finally(over);
    });

  const kill = (run: Run): void => {
    run.alive = false;
    run.fail(named('Sandbox.Timedout'));
  };

  const suffer = async (
    kind: FaultKind | undefined,
    { run, what, make, resolve, reject }: Call,
  ): Promise<void> => {
    const answer = async (making: () => unknown) => {
      try {
        resolve(await making());
      } catch (error) {
        reject(error);
      }
    };
    if (!run || !kind) return answer(make);
    if (kind === 'killed') return kill(run);
    if (kind === 'forgotten') {
      run.fail(named('Lambda.ServiceException'));
      return answer(make);
    }
    if (kind === 'throttled') return reject(new BusyError('throttled'));
    // The case table is our own: nobody takes its permissions away, and who reads it waits. A
    // repeated transaction has the token of the first.
    const own = /Item|Query|Transact/.test(what);
    if (kind === 'late')
      return own || !/^(Get|List)/.test(what) ? answer(make) : reject(new DeadlineError(1));
    if (kind === 'denied') return own ? answer(make) : reject(named('AccessDenied'));
    return answer(async () => {
      if (kind === 'lost' || !what.startsWith('Transact')) await make();
      if (kind === 'lost') throw named('TimeoutError');
      return make();
    });
  };

  /** Until nothing waits any more. */
  const rest = async (): Promise<void> => {
    for (;;) {
      await settled();
      for (const { run } of waiting)
        if (run?.alive && !run.answered && clock.now() > run.dies) kill(run);
      const dead = waiting.filter(({ run }) => run?.alive === false);
      for (const call of dead) waiting.splice(waiting.indexOf(call), 1);
      // Whoever waits for the function learns that it has ended, and goes on.
      if (dead.length > 0) continue;
      const [call] = waiting.splice(
        (order[count % order.length] ?? 0) % Math.max(1, waiting.length),
        1,
      );
      if (!call) {
        if (waiting.length === 0) return;
        continue;
      }
      const fault = faults.find(({ at }) => at === count)?.kind;
      story.push(
        `${count}: ${call.run?.name ?? 'world'} ${call.what}${fault ? ` [${fault}]` : ''}`,
      );
      count += 1;
      await suffer(fault, call);
    }
  };

  return { between, invoke, wait, pause, rest, story };
};
