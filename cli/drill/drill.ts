import type { Command } from 'commander';
import { rehearseAt } from '../../game-day/drill.ts';
import { scenarios } from '../../game-day/scenarios.ts';
import { readScorecards, type Scorecard, scorecardsOf } from '../../game-day/scorecards.ts';
import { watchRun } from '../../local/engine/run-watch.ts';
import { attackVersion } from '../../responders/shared/attack-techniques.ts';
import type { ExitCode, Output } from '../output.ts';
import { type PlacedOptions, placed, placeOf } from '../placed.ts';
import type { DrillHistoryDocument } from '../schemas/drill-history.ts';
import type { DrillListDocument } from '../schemas/drill-list.ts';
import type { DrillRunDocument } from '../schemas/drill-run.ts';
import { columns } from '../terminal.ts';
import {
  type CommandDeps,
  type CommonOptions,
  finish,
  finishItself,
  subcommand,
  verb,
} from '../verb.ts';
import { drillLines } from './text.ts';

/** `cordon drill list|run|history`: rehearsed incidents. */
export const drill = (group: Command, deps: CommandDeps): void => {
  group
    .description(
      'Rehearses incidents: real attacks on canaries, really contained, and everything put back.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  cordon drill list\n  cordon drill run lambda-credential-theft --json',
    );
  verb(subcommand(group, 'list', 'list the scenarios'), [
    'cordon drill list',
    'cordon drill list --json',
  ]).action((options: CommonOptions) => finish(deps, options, async (out) => list(out)));
  placed(subcommand(group, 'run', 'run one scenario; exit code 3 when it fails'), [
    'cordon drill run lambda-credential-theft',
    'cordon drill run shared-role-function --json --port 4576',
  ])
    .argument('<scenario>', 'its id, from cordon drill list')
    .action((scenario: string, options: PlacedOptions) =>
      finishItself(deps, options, (out) => run(deps, out, scenario, options)),
    );
  verb(subcommand(group, 'history', 'show the scorecards of all drills, oldest first'), [
    'cordon drill history',
    'cordon drill history --json',
  ]).action((options: CommonOptions) =>
    finish(deps, options, async (out) => history(out, readScorecards(scorecardsOf(deps.root)))),
  );
};

const list = (out: Output): ExitCode => {
  for (const { id, title, story, techniques, steps } of scenarios) {
    out.line(`${id}: ${title}\n  ${story}`);
    for (const [index, step] of steps.entries()) out.line(`  ${index + 1}. ${step}`);
    const names = techniques.map((technique) => `${technique.id} ${technique.name}`).join(', ');
    out.line(`  maps to ATT&CK ${attackVersion}: ${names}\n`);
  }
  out.document<DrillListDocument>({
    attack: attackVersion,
    scenarios: scenarios.map(({ id, title, story, techniques, steps }) => ({
      id,
      title,
      story,
      techniques,
      steps,
    })),
  });
  return 0;
};

const run = async (
  deps: CommandDeps,
  out: Output,
  scenario: string,
  options: PlacedOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const watch = watchRun(place.local);
  const result = await Promise.race([
    rehearseAt(place, scenario, {
      progress: (line) => (watch.hasEnded() ? undefined : out.note(line)),
      file: scorecardsOf(deps.root),
      signal: deps.signal,
    }),
    watch.ended.then((error) => Promise.reject(error)),
  ]).finally(watch.stop);
  for (const line of drillLines(result)) out.line(line);
  out.document<DrillRunDocument>(result);
  return result.passed ? 0 : 3;
};

const milliseconds = (ms: number | null): string => (ms === null ? 'not seen' : `${ms} ms`);

const history = (out: Output, cards: readonly Scorecard[]): ExitCode => {
  const rows = cards.map((card) => [
    card.at.slice(0, 16).replace('T', ' '),
    card.scenario,
    card.passed ? 'passed' : 'FAILED',
    milliseconds(card.effectiveMs),
    milliseconds(card.firstDeniedMs),
    card.incidentId,
    [...card.failed, ...(card.restored ? [] : ['not restored'])].join(', '),
  ]);
  if (rows.length === 0)
    out.line('no drill has run here yet: cordon drill run lambda-credential-theft');
  else
    out.line(
      columns(
        [
          [
            'when (UTC)',
            'scenario',
            'result',
            'contained',
            'first denied',
            'incident',
            'failed checks',
          ],
          ...rows,
        ],
        out.columns,
      ),
    );
  out.document<DrillHistoryDocument>({ drills: cards });
  return 0;
};
