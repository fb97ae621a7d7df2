import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expiredError } from '../operator/expired.ts';
import type { Place } from '../operator/place.ts';
import { readJson } from './engine/parse.ts';

const fileOf = (runDir: string): string => join(runDir, 'expired-drills.json');

/** Ids of the drills whose evidence this run has let go. */
export const expiredDrills = (runDir: string): ReadonlySet<string> => {
  const ids = readJson(fileOf(runDir));
  return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []);
};

/** Whether a place is a local run that has let go of the evidence of this incident. */
export const isExpired = ({ local }: Pick<Place, 'local'>, id: string): boolean =>
  local !== null && expiredDrills(local.runDir).has(id);

/** Fails for a drill whose evidence this run has let go. */
export const assertKept = (place: Pick<Place, 'local'>, id: string): void => {
  if (isExpired(place, id)) throw expiredError(id, 'local');
};

export const addExpiredDrills = (runDir: string, ids: readonly string[]): void =>
  writeFileSync(
    fileOf(runDir),
    `${JSON.stringify([...expiredDrills(runDir), ...ids], undefined, 2)}\n`,
    { mode: 0o600 },
  );
