import type { Head } from '../incident/case.ts';
import { observedSince } from '../incident/observed.ts';
import { claimTelling } from '../incident/records.ts';
import type { Table } from '../incident/table.ts';
import { count } from '../shared/count.ts';
import { consoleLines } from './console-link.ts';
import { type Letter, subjectLine } from './mail.ts';
import { type Post, send } from './outbox.ts';
import type { Show } from './shown.ts';
import { type CommandScope, severityText, showCommand, workload } from './words.ts';

/** SNS takes 8 KB; a person reads so many. */
const mostShown = 20;

const wouldContain = ({ decision }: Head): boolean => decision.kind === 'contain';

const lineOf = (head: Head, show: Show): string =>
  `- ${head.id} ${wouldContain(head) ? 'would contain' : 'would ask'}: ` +
  `${show(head.finding.type, 80)} (${severityText(head)}), ${workload(head)}; ` +
  show(head.decision.reason, 160);

/** What Cordon would have done in a week, had observe mode not kept it from it. */
export const observedLetter = (
  heads: readonly Head[],
  {
    account,
    show,
    scope,
  }: {
    readonly account: string;
    readonly show: Show;
    readonly scope: CommandScope;
  },
): Letter => {
  const contained = heads.filter(wouldContain).length;
  const [done, asked] = [
    count(contained, 'containment'),
    count(heads.length - contained, 'question'),
  ];
  const rest = heads.length - mostShown;
  return {
    subject: subjectLine(`Cordon in observe mode: ${done} and ${asked} it would have made`),
    body: `${[
      `What:  in seven days, ${done} and ${asked} that observe mode kept from being made`,
      `Where: account ${account}`,
      'State: Nothing was changed. NEXT: look at each; where you agree, take the type, tag or ' +
        'account out of "observe" in the configuration, and deploy.',
      '',
      ...heads.slice(0, mostShown).map((head) => lineOf(head, show)),
      ...(rest > 0 ? [`- and ${rest} more: "cordon incidents --state notify-only"`] : []),
      '',
      ...(heads[0]
        ? [`Look: ${showCommand(heads[0].id, scope)}`, ...consoleLines('look', heads[0].id, scope)]
        : []),
      'This mail comes once a week, if there is something to say.',
    ].join('\n')}\n`,
  };
};

const weekMs = 7 * 86_400_000;
/** How long to try to send, in milliseconds. */
const sendMs = 15_000;

interface ObservedDeps {
  readonly post: Post;
  /** The incidents; the same table in which the post keeps what was told. */
  readonly cases: Table;
  readonly account: string;
  readonly show: Show;
  readonly scope: CommandScope;
}

/** Once a week, mails what Cordon would have done, where observe mode kept it from something. */
export const tellObserved = async ({ post, cases, ...about }: ObservedDeps): Promise<void> => {
  const now = post.now();
  const what = 'observed-week';
  // The check runs every hour: a week later minus a little it tells again.
  const everyMs = weekMs - 3_600_000;
  if (!(await claimTelling(post.table, { what, by: String(now), now, everyMs }))) return;
  const heads = await observedSince(cases, now - weekMs);
  if (heads.length === 0) return;
  const notice = { kind: 'check', incident: what, round: 0, at: now };
  await send(post, { ...notice, ...observedLetter(heads, about) }, now + sendMs);
};
