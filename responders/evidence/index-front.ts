import { count } from '../shared/count.ts';
import { type Html, noHtml } from '../shared/html.ts';
import { html, page } from './html.ts';

/** What the front page of an index says of one month. */
export interface Month {
  /** `2026/11` */
  readonly span: string;
  readonly incidents: number;
  readonly unsealed: number;
  /** Its pages, first one first. */
  readonly files: readonly string[];
}

/** What an index is about. */
export interface IndexScope {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** Of rehearsals, which lie apart. */
  readonly drills?: boolean;
}

const links = (files: readonly string[]): readonly Html[] =>
  files.map(
    (file, index) =>
      html`<a href="${file}">${files.length === 1 ? 'open' : `page ${index + 1}`}</a> `,
  );

const rowOf = ({ span, incidents, unsealed, files }: Month): Html => html`<tr>
<th scope="row">${span}</th>
<td>${incidents}</td>
<td>${unsealed === 0 ? 0 : html`<span class="warn">${unsealed}</span>`}</td>
<td>${links(files)}</td></tr>
`;

const spanOf = ({ from, until }: IndexScope): Html => {
  if (from === undefined && until === undefined) return noHtml;
  const [first, last] = [from ?? 'the first day', until ?? 'the last day'];
  return html`<p>Only what was opened from ${first} to ${last} (UTC).</p>`;
};

const incidentsIn = (months: readonly Month[]): number =>
  months.reduce((sum, { incidents }) => sum + incidents, 0);

const tableOf = (months: readonly Month[]): Html => html`<table>
<caption>${count(incidentsIn(months), 'incident')}, by the month in which they were opened</caption>
<thead><tr>
<th scope="col">Month</th>
<th scope="col">Incidents</th>
<th scope="col">Not sealed</th>
<th scope="col">Pages</th>
</tr></thead>
<tbody>
${months.map(rowOf)}</tbody>
</table>`;

const rehearsals = html`<p>Rehearsals only: nobody was attacked. Their evidence is kept for some
days.</p>`;
const drillsApart = html`<p>Drills have an index of their own:
<code>cordon evidence index --drills</code>.</p>`;

const pulledFolder = 'HERE/incidents/YEAR/MONTH/DAY/INCIDENT';
const pullCommand = html`cordon evidence pull INCIDENT --to ${pulledFolder} --purpose "why"`;

/** Where an auditor begins: the months that have incidents, and how to get at one. */
export const frontPage = (months: readonly Month[], scope: IndexScope): string =>
  page(
    scope.drills ? 'Drills' : 'Incidents',
    html`<p class="soft">Cordon, evidence</p>
<h1>${scope.drills ? 'Drills' : 'Incidents'}</h1>
${scope.drills ? rehearsals : drillsApart}
${spanOf(scope)}
${months.length === 0 ? html`<p>There are none.</p>` : tableOf(months)}
<p>This index helps to find an incident; it is not signed and proves nothing. The proof is
the incident’s own folder, once you have pulled and verified it. To get a link to an incident, pull
its folder beside this page and write the index again:</p>
<pre>${pullCommand}</pre>`,
  );
