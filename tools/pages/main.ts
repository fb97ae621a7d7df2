// `npm run pages`: builds the sites whose sources have changed, and prints where each one lies.
// `--with audit,orders` leaves out those of other systems, `--site shop` all but one.
// `npm run pages:check` checks their types instead.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtSite } from './build.ts';
import { checkSites } from './check.ts';
import { type Site, sites } from './sites.ts';

const options = { root: join(import.meta.dirname, '../..'), env: process.env };
const { values: given } = parseArgs({
  options: { check: { type: 'boolean' }, with: { type: 'string' }, site: { type: 'string' } },
});
const systems = given.with?.split(',');

const isWanted = ({ name, system }: Site): boolean =>
  (given.site === undefined || given.site === name) &&
  (systems === undefined || system === undefined || systems.includes(system));

if (given.check) {
  const wrong = await checkSites(sites, options);
  if (wrong !== undefined) {
    console.error(wrong);
    process.exitCode = 1;
  }
} else {
  const folders: Record<string, string> = {};
  for (const site of sites.filter(isWanted)) folders[site.name] = await builtSite(site, options);
  console.log(JSON.stringify(folders));
}
