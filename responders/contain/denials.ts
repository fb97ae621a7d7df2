import { update } from '../incident/case-table.ts';
import { sessionsOf } from '../incident/denied-sessions.ts';
import { denialsKey, incidentOfKey } from '../incident/keys.ts';
import { readCase } from '../incident/read-case.ts';
import { endDenial } from '../incident/records.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { partition } from '../incident/table.ts';
import { readDenial } from './earlier-sessions.ts';
import type { ContainDeps } from './judge.ts';

/**
 * Checks one release that keeps earlier sessions denied. True when another principal removed the
 * denial before the sessions expired. No role of Cordon may write a policy, so a person is told.
 */
const isRemoved = async (id: string, until: number, deps: ContainDeps): Promise<boolean> => {
  const { table, aws, now } = deps;
  const { head } = await readCase(table, id);
  const { release, drill } = head;
  const sessions = sessionsOf(suspectsOf(head));
  if (until > now() && release?.sessions?.denied && sessions.length > 0) {
    const denials = await Promise.all(sessions.map((role) => readDenial(role, aws)));
    if (!denials.includes(null)) return false;
    await update(table, id, { release: { ...release, sessions: { denied: false, until } } });
    await endDenial(table, id, now());
    // A drill removes its own denial.
    return !drill;
  }
  await endDenial(table, id, now());
  return false;
};

/** The incidents whose denial of earlier sessions was removed too early. */
export const endedDenials = async (deps: ContainDeps): Promise<string[]> => {
  const removed: string[] = [];
  for (const { sk, until, expiresAt } of await partition(deps.table, denialsKey)) {
    if (expiresAt !== undefined) continue;
    const id = incidentOfKey(String(sk));
    if (await isRemoved(id, Number(until), deps)) removed.push(id);
  }
  return removed;
};
