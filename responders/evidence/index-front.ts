import { type Html, html, nothing, page } from './html.ts';

/** What the front page of an index says of one month. */
export interface Month {
  /** `2026/11` */
  readonly span: string;
  readonly incidents: number;
  readonly unsealed: number;
  /** Its pages, first one first. */
  readonly files: readonly string[];
}

export interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

const links = (files: readonly string[]): readonly Html[] =>
  files.map((file, index) => html`<a href="${file}">${files.length === 1 ? 'open' : `page ${index + 1}`}</a> `);

const rowOf = ({ span, incidents, unsealed, files }: Month): Html =>
  html`<tr><th scope="row">${span}</th><td>${incidents}</td><td>${unsealed === 0 ? html`0` : html`<span class="warn">${unsealed}</span>`}</td><td>${links(files)}</td></tr>
`;

const spanOf = ({ from, until }: Days): Html => {
  if (from === undefined && until === undefined) return nothing;
  return html`<p>Only what was opened from ${from ?? 'the first day'} to ${until ?? 'the last day'} (UTC).</p>`;
};

/** Where an auditor begins: the months that have incidents, and how to get at one. */
export const frontPage = (months: readonly Month[], days: Days): string =>
  page(
    'Incidents',
    html`<p class="soft">Cordon, evidence</p>
<h1>Incidents</h1>
${spanOf(days)}
${months.length === 0 ? html`<p>There are none.</p>` : nothing}
<table>
<caption>${months.reduce((sum, { incidents }) => sum + incidents, 0)} incidents, by the month in which they were opened</caption>
<thead><tr><th scope="col">Month</th><th scope="col">Incidents</th><th scope="col">Not sealed</th><th scope="col">Pages</th></tr></thead>
<tbody>
${months.map(rowOf)}</tbody>
</table>
<p>This index helps to find an incident; it is not signed and proves nothing. An incident’s own folder does, once it is pulled and
verified. Pull it beside this page and write the index again, and its name becomes a link:</p>
<pre>cordon evidence pull INCIDENT --to HERE/incidents/YEAR/MONTH/DAY/INCIDENT --purpose "why"</pre>`,
  );
