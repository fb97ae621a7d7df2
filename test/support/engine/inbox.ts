import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The mails of a run as they were written, oldest first: those to the security team, or to users of
 * the application. One that is just being written has another name until it is whole.
 */
export const rawMails = (
  runDir: string,
  inbox: 'inbox' | 'users-inbox' = 'inbox',
): readonly string[] => {
  const folder = join(runDir, inbox);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.eml'))
    : [];
  return files.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
};
