import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inTerminal } from '../../engine/launcher/in-terminal.ts';
import { command, environmentOf, makeRunning, receive } from '../../support/cli/running.ts';

/** Runs the command in a real terminal, beside a run with a mail and the score of a drill. */
const cordon = (
  words: readonly string[],
  columns: number,
  env: Readonly<Record<string, string>> = {},
) => {
  const { root, runDir } = makeRunning('tty');
  receive(runDir, 'a-subject-without-a-space', 'A body of more than forty columns, in one line.');
  const card = {
    ...{ at: '2026-11-21T03:00:00.000Z', scenario: 'product-service-backdoor' },
    ...{ incidentId: 'inc-20261121-7f3k2m8q', passed: true, restored: true, failed: [] },
    ...{ lastAllowedMs: null, firstDeniedMs: 412, effectiveMs: 320 },
  };
  writeFileSync(join(root, '.cordon/scorecards.jsonl'), `${JSON.stringify(card)}\n`);
  return inTerminal([...command, ...words], {
    columns,
    cwd: root,
    env: { ...environmentOf(root), ...env },
  });
};

it.each([
  [['evidence', 'pull', '--help']],
  [['drill', 'history']],
  [['mail']],
  [['show', '../../etc']],
])('%j stays within a real terminal of 40 columns', async (words) => {
  const { lines } = await cordon(words, 40);

  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
});

it('colours are for terminals, unless NO_COLOR or a dumb terminal says otherwise', async () => {
  expect((await cordon(['doctor'], 80)).sent).toContain('\u001b[32m✔\u001b[0m');
  expect((await cordon(['doctor'], 80, { NO_COLOR: '1' })).sent).not.toContain('\u001b');
  expect((await cordon(['doctor'], 80, { TERM: 'dumb' })).sent).not.toContain('\u001b');
});

it('a terminal that does not know its width is written to as a pipe', async () => {
  const { code, lines } = await cordon(['drill', 'history'], 0);

  expect(code).toBe(0);
  expect(lines[1]).toMatch(/2026-11-21 03:00 {2}product-service-backdoor {2}passed .*7f3k2m8q$/);
});
