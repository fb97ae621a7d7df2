import { heartbeatCanary, isHeartbeat } from '../../responders/incident/heartbeat.ts';
import { readCase } from '../../responders/incident/read-case.ts';
import { isClosed } from '../../responders/incident/stage.ts';
import { incidentPage, type ShownIncident } from './incident-list.ts';
import type { ReadDeps } from './read-deps.ts';

/** As late as the alarm and `cordon doctor` let it be. */
const lateHours = 2;
const hourMs = 3_600_000;
/** Drills of people stand between heartbeats. */
const mostDrills = 100;
/** One that was released and whose report failed is no success; the one before may be. */
const mostLooks = 4;

interface Success {
  readonly at: number;
  readonly incidentId: string;
}

/** Contained, denied, released, and every stage ran: what the state machine asks for, too. */
const successOf = async (
  { id }: ShownIncident,
  { table }: ReadDeps,
): Promise<Success | undefined> => {
  const { head, stages } = await readCase(table, id);
  const isWhole = isClosed(stages) && stages.every(({ status }) => status !== 'failed');
  return isHeartbeat(head) && head.release && isWhole
    ? { at: head.release.at, incidentId: id }
    : undefined;
};

const lastSuccess = async (
  released: readonly ShownIncident[],
  deps: ReadDeps,
): Promise<Success | undefined> => {
  for (const incident of released.slice(0, mostLooks)) {
    const success = await successOf(incident, deps);
    if (success) return success;
  }
  return undefined;
};

/** When Cordon has last contained its canary and released it again, as its cases say. */
export const heartbeatState = async (everyHours: number | null, deps: ReadDeps) => {
  const page = await incidentPage({ drills: 'only' }, { limit: mostDrills }, deps);
  const beats = page.items.filter(({ about }) => about === heartbeatCanary);
  const released = beats.filter(({ state }) => state === 'released');
  const success = await lastSuccess(released, deps);
  const [latest] = beats;
  const limit = ((everyHours ?? 0) + lateHours) * hourMs;
  return {
    everyHours,
    late: everyHours !== null && deps.now() - (success?.at ?? 0) > limit,
    lastSuccess: success ?? null,
    latest: latest ? { at: latest.openedAt, incidentId: latest.id, state: latest.state } : null,
  };
};
