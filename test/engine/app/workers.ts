import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes, signal } from '../../../local/engine/processes.ts';
import type { AuditFunctionName } from '../../../protected-app/audit/functions.ts';
import type { AppFunctionName } from '../../../protected-app/functions.ts';

/**
 * Ends every running process of a function from outside, as a machine that fails would; says how
 * many there were, once they are gone.
 */
export const killWorkers = async (
  { runDir }: { readonly runDir: string },
  name: AppFunctionName | AuditFunctionName,
): Promise<number> => {
  const running = () =>
    processes().filter(({ command }) =>
      command.includes(join(runDir, `tmp/ministack-lambda-${name}-`)),
    );
  const found = running();
  for (const { pid } of found) signal(pid, 'SIGKILL');
  while (running().some(({ pid }) => found.some((one) => one.pid === pid))) await sleep(20);
  return found.length;
};
