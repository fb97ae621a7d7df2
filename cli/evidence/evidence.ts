import { type Command, InvalidArgumentError } from 'commander';
import { CordonError } from '../../operator/errors.ts';
import { type PlacedOptions, placed } from '../placed.ts';
import { type CommandDeps, type CommonOptions, finish, subcommand, verb } from '../verb.ts';
import { index } from './index.ts';
import { ls } from './ls.ts';
import { pull } from './pull.ts';
import { verifyFolder } from './verify.ts';

export interface EvidenceDeps extends CommandDeps {
  /** Asks the person at the keyboard; `null` in a script. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

export interface RoundOptions extends PlacedOptions {
  readonly round?: number;
  readonly purpose?: string;
}

interface EvidenceLsOptions extends RoundOptions {
  readonly read?: boolean;
}

interface EvidencePullOptions extends RoundOptions {
  readonly to: string;
}

interface EvidenceIndexOptions extends PlacedOptions {
  readonly to: string;
  readonly from?: string;
  readonly until?: string;
  readonly drills?: boolean;
}

interface EvidenceVerifyOptions extends CommonOptions {
  readonly key?: string;
  readonly copied?: boolean;
}

const id = 'inc-20261121-7f3k2m8q';

/** `cordon evidence index|ls|pull|verify`: what an auditor needs. */
export const evidence = (group: Command, deps: EvidenceDeps): void => {
  group
    .description(
      'Lists, pulls and verifies the evidence of an incident. ' +
        'Who reads it, and why, becomes part of it.',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  cordon evidence pull ${id} --to case-7 --purpose "audit 4711"\n` +
        '  cordon evidence verify case-7 --key cordon.pem',
    );
  addIndex(group, deps);
  addLs(group, deps);
  addPull(group, deps);
  addVerify(group, deps);
};

const rounded = (command: Command): Command =>
  command
    .argument('<incident>', 'its id, or the beginning of it')
    .option('--round <number>', 'containment round (default: the latest)', roundNumber)
    .option('--purpose <text>', 'why you read it: becomes part of the evidence');

const roundNumber = (text: string): number => {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('wanted a number from 1.');
};

const day = (text: string): string => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse reads the 30th of February as a day of March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError('wanted a day such as 2026-11-21.');
};

const addIndex = (group: Command, deps: EvidenceDeps): void => {
  placed(
    subcommand(group, 'index', 'write the index of all incidents as pages that open from disk'),
    [
      'cordon evidence index --to incidents-index',
      'cordon evidence index --to november --from 2026-11-01 --until 2026-11-30 --aws',
    ],
  )
    .requiredOption('--to <dir>', 'a folder that is new, empty, or has an index in it')
    .option('--from <day>', 'the first day on which an incident was opened, in UTC', day)
    .option('--until <day>', 'the last day, in UTC', day)
    .option('--drills', 'index the drills instead; their evidence is kept for some days only')
    .action((options: EvidenceIndexOptions) =>
      finish(deps, options, (out) => index(deps, out, options)),
    );
};

const addLs = (group: Command, deps: EvidenceDeps): void => {
  const command = placed(
    subcommand(group, 'ls', 'list the evidence of an incident, and what is missing'),
    [`cordon evidence ls ${id}`, `cordon evidence ls ${id} --read --purpose "spot check"`],
  );
  rounded(command)
    .option('--read', 'also read every object in the bucket and compare its hash')
    .action((incident: string, options: EvidenceLsOptions) =>
      finish(deps, options, async (out) => {
        const purpose = options.read ? await purposeOf(deps, options) : null;
        return ls(deps, out, { ...options, incident, purpose });
      }),
    );
};

const addPull = (group: Command, deps: EvidenceDeps): void => {
  const command = placed(
    subcommand(group, 'pull', 'copy the evidence of an incident into a folder, and verify it'),
    [
      `cordon evidence pull ${id} --to case-7 --purpose "audit 4711"`,
      `cordon evidence pull ${id} --to case-7 --purpose "audit 4711" --aws --json`,
    ],
  );
  rounded(command)
    .requiredOption('--to <dir>', 'a folder that is new or empty')
    .action((incident: string, options: EvidencePullOptions) =>
      finish(deps, options, async (out) =>
        pull(deps, out, { ...options, incident, purpose: await purposeOf(deps, options) }),
      ),
    );
};

const addVerify = (group: Command, deps: EvidenceDeps): void => {
  verb(subcommand(group, 'verify', 'verify a folder of evidence, offline'), [
    'cordon evidence verify case-7 --key cordon.pem',
    'cordon evidence verify case-7 --json',
  ])
    .argument('<dir>', 'the folder')
    .option('--key <file>', 'public key (PEM) from another source than the folder')
    .option(
      '--copied',
      'the folder was not made by "cordon evidence pull": it has no export.json and no chain',
    )
    .action((dir: string, options: EvidenceVerifyOptions) =>
      finish(deps, options, (out) => verifyFolder(out, dir, options)),
    );
};

/** The reason for reading evidence, which is required. */
const purposeOf = async ({ ask }: EvidenceDeps, { purpose }: RoundOptions): Promise<string> => {
  const given = (
    purpose ??
    (await ask?.('Why are you reading this evidence? (Your answer is stored with it.) ')) ??
    ''
  ).trim();
  if (given !== '') return given;
  throw new CordonError(
    'say why you read this evidence: --purpose "…" (it becomes part of the evidence)',
    { code: 2 },
  );
};
