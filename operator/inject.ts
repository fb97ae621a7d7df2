import { parseFinding } from '../responders/finding/finding.ts';
import type { Case } from '../responders/incident/case.ts';
import type { Claim } from '../responders/incident/incident-id.ts';
import { readCase } from '../responders/incident/read-case.ts';
import type { Table } from '../responders/incident/table.ts';
import { EdgeError } from '../responders/shared/errors.ts';
import { isRecord } from '../responders/shared/json.ts';
import { idsInState, incidentOf, isSettled } from './cases.ts';
import { type Bus, deadLetterOf, type Envelope, findingType, putEvent } from './event-bus.ts';
import type { Place } from './place.ts';
import { holdsWithin, until, type WaitOptions } from './wait.ts';

/** What became of an event that was put on a bus. */
export type Injection =
  | { readonly incident: Case; readonly eventId: string; readonly repeat: boolean }
  | { readonly refused: string; readonly eventId: string | null };

/** The claim that this event will make; none when it cannot be read as a finding. */
const claimOf = ({ detail }: Envelope, drill: boolean): Claim | undefined => {
  try {
    const { account, region, id: findingId } = parseFinding({ detail }, drill);
    return { drill, account, region, findingId };
  } catch (error) {
    if (error instanceof EdgeError) return undefined;
    throw error;
  }
};

/** An unreadable finding has no known id: its incident is the new one that holds this event. */
const incidentHolding = async (
  table: Table,
  eventId: string,
  since: string,
): Promise<string | undefined> => {
  for (const { id } of await idsInState(table, 'notify-only', since)) {
    const { findings } = await readCase(table, id);
    if (findings.some(({ raw }) => raw.includes(`"${eventId}"`))) return id;
  }
  return undefined;
};

const settled = async (
  table: Table,
  id: string,
  within: number,
  signal: AbortSignal | undefined,
): Promise<Case> => {
  await holdsWithin(async () => isSettled(await readCase(table, id)), within, signal);
  return readCase(table, id);
};

/** Puts an event on a bus and follows it to its incident, or to the reason why there is none. */
export const injectEvent = async (
  place: Place,
  table: Table,
  bus: Bus,
  envelope: Envelope,
  { within, signal }: Pick<WaitOptions, 'within' | 'signal'>,
): Promise<Injection> => {
  const claim = claimOf(envelope, bus === 'drills');
  const before = claim && (await incidentOf(table, claim));
  const taken = await putEvent(place, bus, envelope);
  if ('refused' in taken) return { refused: taken.refused, eventId: null };
  const { eventId } = taken;
  if (envelope.detailType !== findingType)
    return {
      refused:
        'the event was accepted, but Cordon’s rules match only the detail-type ' +
        `"${findingType}"`,
      eventId,
    };
  const since = new Date(taken.at - 60_000).toISOString(); // by another machine’s clock
  const look = async (): Promise<{ id: string } | { refused: string } | undefined> => {
    const id = claim
      ? await incidentOf(table, claim)
      : await incidentHolding(table, eventId, since);
    if (id) return { id };
    const refused = await deadLetterOf(place, eventId);
    return refused ? { refused } : undefined;
  };
  const timeoutMessage =
    `the event was accepted (${eventId}), but there is no incident after ${within / 1_000} s: ` +
    'look at the executions of the incident machine';
  const outcome = await until(look, { within, timeoutMessage, signal });
  if ('refused' in outcome) return { refused: outcome.refused, eventId };
  return {
    incident: await settled(table, outcome.id, within, signal),
    eventId,
    repeat: outcome.id === before,
  };
};

/** A finding without its envelope, as people copy it from the console of GuardDuty. */
const isBareDetail = (event: Readonly<Record<string, unknown>>): boolean =>
  !Object.hasOwn(event, 'detail-type') &&
  !Object.hasOwn(event, 'detail') &&
  ['id', 'type', 'accountId'].every((field) => typeof event[field] === 'string');

/** An event from outside, as far as it must be understood to be put on a bus. */
export const envelopeOf = (event: unknown): Envelope | string => {
  if (!isRecord(event))
    return 'wanted an EventBridge event (a JSON object with "detail-type" and "detail")';
  if (isBareDetail(event)) return { detailType: findingType, detail: event };
  const { 'detail-type': detailType, detail, resources } = event;
  if (typeof detailType !== 'string' || detailType === '')
    return 'detail-type: wanted text, such as "GuardDuty Finding"';
  if (!Object.hasOwn(event, 'detail')) return 'detail: wanted the finding, got nothing';
  const listed = Array.isArray(resources)
    ? resources.filter((arn): arn is string => typeof arn === 'string')
    : undefined;
  return { detailType, detail, ...(listed && { resources: listed }) };
};
