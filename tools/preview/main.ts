import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentStates } from '../../responders/incident/incident.ts';
import type { Score } from '../../responders/incident/score.ts';
import type { ReportStage } from '../../responders/incident/stage.ts';
import { digest, fitting } from '../../responders/report/digest.ts';
import { drillLetter } from '../../responders/report/drill-mail.ts';
import type { ReportInput } from '../../responders/report/input.ts';
import { type Letter, letter, type MailKind, mailKinds } from '../../responders/report/mail.ts';
import { forms } from '../../responders/report/make.ts';
import { escapeHtml } from '../../responders/shared/html.ts';
import { containedLate, inState, place, provisional, sampleInput } from './samples.ts';

const folder = join(import.meta.dirname, '../../.cordon/preview');

const reports = () => ({
  'report-final': sampleInput(),
  'report-provisional': provisional(),
  'report-contained-late': containedLate(),
  'report-no-timeline': sampleInput({
    timeline: { ok: false, why: 'the timeline stage failed (States.Timeout)' },
  }),
  ...Object.fromEntries(
    incidentStates
      .filter((state) => state !== 'contained')
      .map((state) => [`report-${state}`, inState(state)]),
  ),
});

const score: Score = {
  ...{
    scenario: 'lambda-credential-theft',
    incidentId: 'inc-20261121-7f3k2m9q',
    checks: 14,
    failed: [],
    restored: true,
  },
  firstDeniedMs: 1_912,
};

const rehearsed = (): ReportInput['incident'] => {
  const { incident } = inState('released');
  return { ...incident, head: { ...incident.head, drill: true } };
};

/** What the mail of a report says when the report is there. */
const reported = (version: 1 | 2): ReportInput['incident'] => {
  const input = version === 1 ? provisional() : sampleInput();
  const { open, rotate, changed, glance } = forms(input).view;
  const key = `incidents/2026/11/21/${input.incident.head.id}/report/v${version}`;
  const stage: ReportStage = {
    kind: 'report',
    name: `report${version}`,
    round: 1,
    status: 'ok',
    ms: 160,
    html: `${key}.html`,
    text: `${key}.txt`,
    json: `${key}.json`,
    csv: `${key}.csv`,
    ocsf: `${key}.ocsf.json`,
    entries: [],
    numbers: null,
    changed,
    now: glance.now,
    open: open.map(({ what }) => what),
    rotate: rotate.map(({ what, why }) => `${what}: ${why}`),
  };
  const later = version === 1 ? ['timeline2', 'report2'] : [];
  const others = input.incident.stages.filter(({ name }) => ![stage.name, ...later].includes(name));
  return { ...input.incident, stages: [...others, stage] };
};

const incident: Readonly<Record<MailKind, () => ReportInput['incident']>> = {
  flash: () => sampleInput().incident,
  ask: () => inState('awaiting-approval').incident,
  report1: () => reported(1),
  report2: () => reported(2),
  release: () => inState('released').incident,
  hold: () => inState('contested').incident,
};

const letters = (): Record<string, Letter> => {
  const waiting = incidentStates.map((state, index) => ({
    ...letter(inState(state).incident, state === 'awaiting-approval' ? 'ask' : 'flash', place),
    incident: `i${index}`,
    kind: state === 'awaiting-approval' ? 'ask' : 'flash',
    round: 1,
    at: index,
  }));
  return {
    ...Object.fromEntries(
      mailKinds.map((kind) => [`mail-${kind}`, letter(incident[kind](), kind, place)]),
    ),
    'mail-drill': drillLetter(rehearsed(), score, place),
    'mail-drill-failed': drillLetter(
      rehearsed(),
      { ...score, failed: ['the neighbour keeps working'] },
      place,
    ),
    'mail-contained-late': letter(containedLate().incident, 'flash', place),
    'mail-partial': letter(inState('partial').incident, 'flash', place),
    'mail-digest': digest(fitting(waiting), waiting.length, Date.parse('2026-11-21T10:00:07.120Z')),
  };
};

const mailStyle = [
  'body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:720px;padding:12px}',
  'h1{font-size:17px;border-bottom:1px solid #ccc;padding-bottom:8px}',
  'pre{white-space:pre-wrap;overflow-wrap:anywhere;font:15px/1.45 system-ui,sans-serif}',
].join('');

const mailPage = (name: string, { subject, body }: Letter): string =>
  [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${name}</title><style>${mailStyle}</style>`,
    `<h1>${escapeHtml(subject)}</h1><pre>${escapeHtml(body)}</pre></html>\n`,
  ].join('');

/** Renders every report and mail of the sample, and a page that leads to them. */
const preview = async (): Promise<void> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const links: string[] = [];
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    links.push(name);
  };
  for (const [name, input] of Object.entries(reports())) {
    const { html, text, json, csv, ocsf } = forms(input);
    write(`${name}.html`, html);
    if (name === 'report-final')
      for (const [extension, form] of Object.entries({ txt: text, json, csv, 'ocsf.json': ocsf }))
        write(`${name}.${extension}`, form);
  }
  for (const [name, mail] of Object.entries(letters())) write(`${name}.html`, mailPage(name, mail));
  const list = links.map((name) => `<li><a href="${name}">${name}</a></li>`).join('\n');
  writeFileSync(
    join(folder, 'index.html'),
    [
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cordon preview</title>',
      `<h1>Reports and mails of the sample</h1><ul>\n${list}\n</ul></html>\n`,
    ].join(''),
  );
  console.log(`${links.length} files: open ${join(folder, 'index.html')}`);
};

await preview();
