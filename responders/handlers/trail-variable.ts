import { at, isRecord } from '../shared/json.ts';
import { wantedText, wantedTexts, wrong } from '../shared/wanted.ts';
import type { TrailSettings } from '../timeline/analyse.ts';

/** The content of `CORDON_TRAIL`, which infra/response/responders.ts writes. */
export interface TrailVariable
  extends Pick<TrailSettings, 'accounts' | 'regions' | 'own' | 'table'> {
  readonly workgroup: string;
}

/** Role ARNs by the names of Cordon's functions. */
const rolesAt = (source: unknown, path: string): Readonly<Record<string, string>> => {
  const roles = at(source, path);
  if (!isRecord(roles)) throw wrong(path, 'an object', roles);
  const names = Object.keys(roles);
  return Object.fromEntries(names.map((name) => [name, wantedText(source, `${path}.${name}`)]));
};

/** The content at a path of a value from outside; an EdgeError names the field that is wrong. */
export const wantedTrailVariable = (source: unknown, path: string): TrailVariable => ({
  workgroup: wantedText(source, `${path}.workgroup`),
  table: {
    database: wantedText(source, `${path}.table.database`),
    name: wantedText(source, `${path}.table.name`),
  },
  accounts: wantedTexts(source, `${path}.accounts`),
  regions: wantedTexts(source, `${path}.regions`),
  own: rolesAt(source, `${path}.own`),
});
