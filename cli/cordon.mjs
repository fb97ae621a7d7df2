#!/usr/bin/env node
// The command as npm starts it, from a checkout or from the package. Node.js runs this file without
// its stripper of types, which takes as long as Node.js itself; cordon.ts is the same command for
// `node cli/cordon.ts`. An old Node.js must be able to read this file and own-node.mjs.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

if (Number.parseInt(process.versions.node, 10) < 24) await import('./own-node.mjs');
else {
  const folder = import.meta.dirname;
  // What the command writes is for the person who runs it: logs, keys, mails, evidence.
  process.umask(0o077);
  module.enableCompileCache(join(folder, '../.cordon/compile-cache'));
  await import(existsSync(join(folder, 'main.ts')) ? './main.ts' : '../dist/cli/main.js');
}
