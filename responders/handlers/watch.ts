import { type ChangeCall, callerIn, changeCallOf, isSweep } from '../contain/change-call.ts';
import { checkAfter, isStop, type Swept, sweep } from '../contain/sweep.ts';
import { turnSeconds } from '../contain/turn.ts';
import { type Watched, watch } from '../contain/watch.ts';
import { incidentIdOf } from '../incident/input.ts';
import { errorText } from '../shared/errors.ts';
import { historyPages } from '../shared/event-history.ts';
import { at, jsonIn, textAt } from '../shared/json.ts';
import { changeReader } from './changes.ts';
import { historyClients } from './cloudtrail.ts';
import { containing, serve, settings } from './environment.ts';

const watching = () => {
  const records = historyClients(settings());
  return { ...containing(), readChanges: changeReader(settings()), records };
};
type HandlerDeps = ReturnType<typeof watching>;

const day = 86_400_000;

/**
 * Who made a call. CloudTrail is asked, because anybody who may start an execution could have
 * written a name into its input, or the id of somebody else’s call; where CloudTrail does not have
 * the call yet, nobody is named.
 */
const callerOf = async (call: ChangeCall, { records, now }: HandlerDeps) => {
  const attribute = { AttributeKey: 'EventId', AttributeValue: call.eventId } as const;
  const query = { attribute, from: new Date(now() - day) };
  for (const cloudtrail of records) {
    const pages = historyPages(query, { cloudtrail, mostPages: 1, pause: async () => undefined });
    for await (const { records: events } of pages)
      if (events[0] !== undefined) return callerIn(jsonIn(events[0]), call);
  }
  return undefined;
};

/** The repair and its mail must not wait for CloudTrail. */
const notNamed =
  ({ log }: HandlerDeps) =>
  (error: unknown): undefined => {
    log('caller not read', { reason: errorText(error) });
  };

const lookAtMany = (input: unknown, deps: HandlerDeps): Promise<Swept> => {
  const behind = textAt(input, 'after');
  const after = behind !== null && isStop(behind) ? behind : null;
  if (isSweep(input)) return sweep(after, deps);
  const call = changeCallOf(at(input, 'change'));
  const culprit = async () =>
    call.eventId === '' ? undefined : callerOf(call, deps).catch(notNamed(deps));
  return checkAfter(call, after, deps, culprit);
};

/** The last group of targets is begun this long before the function is ended. */
const reserveMs = 15_000;

/** `WatchLambda`: checks containment again and repairs what was removed. */
export const handler = serve(watching, (input, made): Promise<Watched | Swept> => {
  const deps = { ...made, until: made.now() + turnSeconds.watch * 1_000 - reserveMs };
  return isSweep(input) || at(input, 'change') !== undefined
    ? lookAtMany(input, deps)
    : watch(incidentIdOf(input), deps);
});
