#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What the command writes is for the person who runs it: logs, keys, mails, evidence.
process.umask(0o077);
// Type stripping and compiling take most of the start. The cache keeps both between two commands.
enableCompileCache(join(import.meta.dirname, '../.cordon/compile-cache'));
await import('./main.ts');
