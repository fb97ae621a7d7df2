// The logic of the pages uses Vue and the client of the API, which sites have apart from the root.
import { join } from 'node:path';
import { ensurePackages, linkPackages } from '../../../tools/pages/packages.ts';
import { sites } from '../../../tools/pages/sites.ts';

const root = join(import.meta.dirname, '../../..');
await ensurePackages(root, process.env);
for (const site of sites) linkPackages(root, site);
