// `npm run pages`: builds the sites whose sources have changed, and prints where each one lies.
// `npm run pages:check` checks their types instead.
import { join } from 'node:path';
import { builtSite } from './build.ts';
import { checkSites } from './check.ts';
import { sites } from './sites.ts';

const options = { root: join(import.meta.dirname, '../..'), env: process.env };

if (process.argv.includes('--check')) {
  const wrong = await checkSites(sites, options);
  if (wrong !== undefined) {
    console.error(wrong);
    process.exitCode = 1;
  }
} else {
  const folders: Record<string, string> = {};
  for (const site of sites) folders[site.name] = await builtSite(site, options);
  console.log(JSON.stringify(folders));
}
