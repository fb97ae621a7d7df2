import type { Fact, Point, ReportView } from '../../report-templates/view.ts';

const section = (title: string, lines: readonly string[]): string[] => [
  '',
  title,
  '-'.repeat(title.length),
  ...(lines.length > 0 ? lines : ['None.']),
];

const facts = (lines: readonly Fact[]): string[] => {
  const width = Math.max(0, ...lines.map(({ label }) => label.length)) + 1;
  return lines.map(({ label, text }) => `${`${label}:`.padEnd(width)} ${text}`);
};

const points = (views: readonly Point[]): string[] =>
  views.map(({ what, why }) => `- ${what}: ${why}`);

const actions = ({ contained }: ReportView): string[] =>
  contained.actions.map(
    ({ title, target, outcome, since }) =>
      `- ${title} (${target}): ${outcome}${since && `, ${since}`}`,
  );

const timeline = ({
  timeline: { sentence, legend, picture, phases, left },
}: ReportView): string[] => [
  sentence,
  ...legend.map(({ label, text }) => `- ${label}: ${text}`),
  ...(picture ? [picture.text] : []),
  ...phases.flatMap(({ title, calls }) => [
    '',
    `${title}:`,
    ...calls.map(({ clock, who, what, on, onInFull, from, outcome, mark }) =>
      [
        clock,
        who.padEnd(9),
        what,
        on && `on ${onInFull || on}`,
        from && `from ${from}`,
        outcome,
        mark && `<- ${mark.toUpperCase()}`,
      ]
        .filter(Boolean)
        .join('  '),
    ),
  ]),
  ...(left ? ['', left] : []),
];

const exposure = ({ blast }: ReportView): string[] => [
  ...blast.sentences,
  ...blast.exposure.map(
    ({ kind, could, did }) =>
      `- ${kind}: could reach ${could.join('; ') || 'nothing'}. ` +
      `Did reach ${did.join('; ') || 'nothing seen'}.`,
  ),
];

const reached = ({ reached: { sentence, rows, followed, left } }: ReportView): string[] => [
  sentence,
  ...rows.map(({ kind, what, how, when }) => `- ${what} (${kind}): ${how}, first ${when}`),
  ...(followed.length > 0 ? ['Roles or users it went on to use:', ...points(followed)] : []),
  ...(left.length > 0
    ? ['Left behind:', ...left.map(({ what, how, check }) => `- ${what}: ${how}. Check: ${check}`)]
    : []),
];

const top = ({
  verdict,
  glance,
  about,
  incident,
  version,
  drill,
  console,
  changed,
  made,
  release,
}: ReportView): string[] => [
  `${verdict.sign} ${verdict.headline}${drill ? ` (${drill})` : ''}`,
  `Incident ${incident}, report ${version} ` +
    `(${verdict.provisional ? 'provisional' : 'final'}), ${verdict.severity}`,
  '='.repeat(70),
  ...facts([
    { label: 'Contained?', text: glance.contained },
    ...(glance.who ? [{ label: 'Who?', text: glance.who }] : []),
    { label: 'Still open', text: glance.open },
    { label: 'What now?', text: glance.now },
    ...(release.command && verdict.state === 'contained'
      ? [{ label: 'Release', text: release.command }]
      : []),
    ...(console === null ? [] : [{ label: 'In the browser', text: `https://${console}` }]),
    ...about,
    { label: 'Confidence', text: `${verdict.confidence.word}: ${verdict.confidence.why}` },
    { label: 'State', text: verdict.state },
    { label: 'Written', text: made.text },
  ]),
  ...(verdict.provisional ? ['', verdict.provisional] : []),
  ...(changed.length > 0
    ? section(
        'What changed since version 1',
        changed.map((line) => `- ${line}`),
      )
    : []),
];

const record = ({ attack, evidence, clocks, limits, support, counted }: ReportView): string[] => [
  ...section(
    'ATT&CK',
    attack.techniques.map(
      ({ id, name, calls }) => `- ${id} ${name}: ${calls} (maps to, ATT&CK ${attack.version})`,
    ),
  ),
  ...section('Evidence', [
    evidence.sentence,
    evidence.folder,
    `Verify: ${evidence.verify}`,
    ...evidence.gaps.map(({ kind, what, why }) => `- ${kind.toUpperCase()} ${what}: ${why}`),
    ...evidence.objects.map(
      ({ path, bytes, sha256, taken }) =>
        `- ${path}  ${bytes} bytes  sha256 ${sha256}  (${taken} containment)`,
    ),
  ]),
  ...section(
    'Clocks',
    clocks.map(
      ({ name, at, after, meaning }) => `${name.padEnd(10)} ${at.text}  ${after}  (${meaning})`,
    ),
  ),
  ...section(
    'Where each number comes from',
    counted.map(({ label, value, path, count }) => `- ${label}: ${value}  (jq '${count}' ${path})`),
  ),
  ...section(
    'Limits',
    limits.map((line) => `- ${line}`),
  ),
  ...section('For AWS Support', facts(support)),
];

/** The report as plain text, in the order in which its questions are asked. */
export const reportText = (view: ReportView): string =>
  [
    ...top(view),
    ...section('Is it contained?', [...facts(view.contained.proof), ...actions(view)]),
    ...section('What is not contained', points(view.open)),
    ...section('Blast radius', exposure(view)),
    ...section('What was reached', reached(view)),
    ...section(
      'What to rotate, in order',
      view.rotate.map(({ what, why, how }, index) => `${index + 1}. ${what}: ${why}. ${how}`),
    ),
    ...section(
      'Decisions needed',
      view.decisions.map(
        ({ question, who, by, command }) =>
          `- ${question} Who: ${who}. Deadline: ${by}.${command ? ` ${command}` : ''}`,
      ),
    ),
    ...section('Release', [
      ...(view.release.command ? [view.release.command] : []),
      view.release.note,
    ]),
    ...section('Timeline', timeline(view)),
    ...record(view),
    '',
  ].join('\n');
