#!/usr/bin/env node
// The command as npm starts it. Node.js runs this file without its stripper of types, which takes
// as long as Node.js itself; cordon.ts is the same command for `node cli/cordon.ts`.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What the command writes is for the person who runs it: logs, keys, mails, evidence.
process.umask(0o077);
enableCompileCache(join(import.meta.dirname, '../.cordon/compile-cache'));
await import('./main.ts');
