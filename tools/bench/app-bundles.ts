import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type AppFunctionName, appFunctions } from '../../protected-app/functions.ts';
import { loadTime } from './load-time.ts';
import type { Line } from './statistics.ts';

/** What infra hands over; nothing is called while a bundle is loaded. */
const environment: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-west-1',
  APP_AI: JSON.stringify({
    provider: 'openai',
    model: 'm',
    dailyTokens: 1_000,
    dailyTokensOfAll: 10_000,
    maxOutputTokens: 100,
  }),
  APP_SALESFORCE_API: 'v66.0',
  APP_USER_POOL_ID: 'eu-west-1_AAAAAAAAA',
  ...Object.fromEntries(
    [
      'APP_FUNCTION',
      'APP_OPENAI_SECRET',
      'APP_ORIGIN',
      'APP_PUSH_QUEUE_URL',
      'APP_QUESTION_QUEUE_URL',
      'APP_SALESFORCE_SECRET',
      'APP_TABLE_BUDGETS',
      'APP_TABLE_CUSTOMERS',
      'APP_TABLE_IDEMPOTENCY',
      'APP_TABLE_PRODUCTS',
      'APP_TABLE_QUERIES',
      'APP_TABLE_SYNC_RUNS',
      'APP_USER_POOL_CLIENT_ID',
      'APP_VERSION',
    ].map((name) => [name, 'bench']),
  ),
};

/** The worker carries the SDK of the language model. */
const mostKb = (name: AppFunctionName): number => (name === 'AIWorker' ? 900 : 600);

/** Every function of the application: how big it is, and how long its bundle loads. */
export const appBundleLines = async (outdir: string): Promise<Line[]> => {
  const lines: Line[] = [];
  for (const { name, entry } of appFunctions) {
    const file = join(outdir, `app-${entry}/index.mjs`);
    const { p50, min, max } = await loadTime(file, environment, 7);
    const detail = `loads in ${p50} ms (min ${min}, max ${max})`;
    lines.push({
      what: `bundle of ${name}`,
      unit: 'kB',
      measured: statSync(file).size / 1_000,
      most: mostKb(name),
      detail,
    });
    lines.push({ what: `load of ${name}, median of 7`, unit: 'ms', measured: p50, most: 80 });
  }
  return lines;
};
