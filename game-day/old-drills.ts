import { readRootKey } from '../local/engine/root-key.ts';
import { signedPost } from '../local/engine/signed-request.ts';
import { addExpiredDrills, expiredDrills } from '../local/expired-drills.ts';
import { caseTable, openingsOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { keptDrills } from '../operator/expired.ts';
import type { LocalRun, Place } from '../operator/place.ts';
import { evidenceBucketOf, evidencePrefixes } from '../operator/recorded-evidence.ts';
import type { Case } from '../responders/incident/case.ts';
import { readCase } from '../responders/incident/read-case.ts';
import { isClosed } from '../responders/incident/stage.ts';

/** Nothing reads or changes it any more: every stage has run, and nothing is contained. */
const isOver = ({ head, befores, stages }: Case): boolean =>
  isClosed(stages) && (befores.length === 0 || head.state === 'released');

/** When the drill began to leave traces, epoch ms. */
const beginningOf = ({ head }: Case): number =>
  Math.min(head.clocks.activity ?? Number.POSITIVE_INFINITY, Date.parse(head.openedAt));

const expire = async (
  { endpoint, runDir }: LocalRun,
  query: readonly [string, string][],
): Promise<void> => {
  const rootKey = readRootKey(runDir);
  if (rootKey === undefined) throw new CordonError(`the root key in ${runDir} cannot be read`);
  const answer = await signedPost(
    { endpoint, rootKey },
    `/_cordon/expiry?${new URLSearchParams(query)}`,
  );
  if (!answer.ok)
    throw new CordonError(`the engine did not let old drills go: ${await answer.text()}`);
};

/**
 * Lets go of the evidence of drills that are over and not among the newest, and of the trail, logs,
 * executions and event history from before the oldest drill that is kept. The history stays whole
 * where the run has a real incident: its timeline looks a day back.
 */
export const letGoOfOldDrills = async (place: Place, run: LocalRun): Promise<void> => {
  const table = await caseTable(place);
  const openings = await openingsOf(table);
  const drills = openings.filter(({ drill }) => drill).map(({ id }) => id);
  const expired = expiredDrills(run.runDir);
  const candidates = drills.slice(keptDrills).filter((id) => !expired.has(id));
  const old = (await Promise.all(candidates.map((id) => readCase(table, id)))).filter(isOver);
  if (old.length === 0) return;
  const ids = old.map(({ head }) => head.id);
  const kept = drills.filter((id) => !expired.has(id) && !ids.includes(id));
  const hasReal = openings.some(({ drill }) => !drill);
  const oldest = kept.at(-1);
  const before = hasReal || !oldest ? 0 : beginningOf(await readCase(table, oldest));
  await expire(run, [
    ['bucket', evidenceBucketOf(place, { drill: true })],
    ...ids.flatMap(evidencePrefixes).map((prefix): [string, string] => ['folder', prefix]),
    ['before', String(before)],
  ]);
  addExpiredDrills(run.runDir, ids);
};
