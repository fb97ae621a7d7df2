import { expiryRule } from '../../operator/expired.ts';
import type { IncidentView } from '../../operator/incident-view.ts';
import { tones, verdicts } from '../../responders/report/words.ts';
import { count } from '../../responders/shared/count.ts';
import type { Html } from '../../responders/shared/html.ts';
import type { ReceivedMail } from '../inbox.ts';
import { html, page } from './html.ts';

export interface Console {
  readonly endpoint: string;
  readonly incidents: readonly {
    readonly view: IncidentView;
    readonly objects: readonly string[];
  }[];
  readonly mails: readonly ReceivedMail[];
}

const link = (key: string, label: string): Html =>
  html`<a href="object/${encodeURI(key)}">${label}</a>`;

const stageLine = ({ name, status, ms }: IncidentView['stages'][number]): Html =>
  html`<span>${name} ${status === 'ok' ? '✔' : status} ${ms} ms ·</span>`;

const stages = (view: IncidentView): Html =>
  html`<p class="small">Stages: ${view.stages.map(stageLine)}</p>`;

const reports = ({ report }: IncidentView): Html => {
  if (report.html === null) return html`<p>No report yet.</p>`;
  const asText = report.text === null ? '' : link(report.text, 'as text');
  const asJson = report.json === null ? '' : link(report.json, 'as JSON');
  return html`<p>${link(report.html, 'Report')} ${asText} ${asJson}</p>`;
};

const nameInFolder = (key: string): string => key.replace(/^incidents\/\d+\/\d+\/\d+\/[^/]+\//, '');

const gapLine = ({ kind, what, why }: IncidentView['evidence']['gaps'][number]): Html =>
  html`<li>${kind.toUpperCase()} ${what}: ${why}</li>`;

const evidence = ({ evidence: { objects, gaps } }: IncidentView, keys: readonly string[]): Html =>
  html`<details>
<summary>Evidence: ${count(objects, 'object')}, ${count(gaps.length, 'gap')}</summary>
<ul>${keys.map((key) => html`<li>${link(key, nameInFolder(key))}</li>`)}
${gaps.map(gapLine)}</ul></details>`;

const gone = html`<p>Its reports and its evidence are gone: ${expiryRule('local')}.</p>`;

const incident = ({ view, objects }: Console['incidents'][number]): Html => {
  const { severity, type } = view.finding;
  const suspect = view.suspect ? ` · ${view.suspect.functionName}` : '';
  return html`<article class="${tones[view.state]}">
<h3>${verdicts[view.state]}${view.drill ? ' (DRILL)' : ''}</h3>
<p>${view.id} · severity ${severity} · ${type.slice(0, 120)}${suspect}</p>
${view.evidence.expired ? gone : reports(view)}
${stages(view)}
${view.evidence.expired ? '' : evidence(view, objects)}
</article>`;
};

const mail = ({ at, subject, body }: ReceivedMail): Html =>
  html`<details><summary>${subject.slice(0, 200)} <span class="small">${at}</span></summary>
<pre>${body.slice(0, 10_000)}</pre></details>`;

const noIncidents = html`<p>None yet: cordon drill run lambda-credential-theft</p>`;

/** The page with the incidents, newest first, and the mails that the security team has received. */
export const consolePage = ({ endpoint, incidents, mails }: Console): string =>
  page(
    'Cordon: local console',
    html`<main><h1>Cordon, local console</h1>
<p class="small">Engine at ${endpoint}. This page only shows; reload it to see what is new.
Approve and release with the cordon command.</p>
<h2>Incidents</h2>
${incidents.length === 0 ? noIncidents : incidents.map(incident)}
<h2>Inbox</h2>
${mails.length === 0 ? html`<p>No mails yet.</p>` : mails.toReversed().map(mail)}
</main>`,
  );
