import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { indexRoot } from '../incident/incident-id.ts';
import { count } from '../shared/count.ts';
import { type Html, noHtml } from '../shared/html.ts';
import { at } from '../shared/json.ts';
import { html, page } from './html.ts';
import { size } from './page.ts';
import type { Store } from './store.ts';

/** What an index page shows of one incident. */
interface IndexRow {
  readonly name: string;
  readonly entry: unknown;
  readonly sealed: boolean;
}

export interface IndexPage {
  /** `2026/11/21` or `2026/11` */
  readonly span: string;
  readonly rows: readonly IndexRow[];
  /** Where the next page begins; nothing on the last one. */
  readonly next: string | undefined;
}

export interface IndexOptions {
  readonly span: string;
  readonly after?: string | undefined;
  readonly incidents?: number;
}

const isSpan = (span: string): boolean => /^\d{4}(\/\d{2}(\/\d{2})?)?$/.test(span);

const nameOf = (key: string): string => key.replace(/\.(opened|sealed)\.json$/, '');

const read = async ({ s3, bucket }: Store, key: string): Promise<unknown> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const parsed: unknown = JSON.parse((await Body?.transformToString()) ?? 'null');
  return parsed;
};

const below = async ({ s3, bucket }: Store, Prefix: string): Promise<string[]> => {
  const { CommonPrefixes = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix, Delimiter: '/' }),
  );
  return CommonPrefixes.flatMap((folder) => (folder.Prefix === undefined ? [] : [folder.Prefix]));
};

/** The months that have incidents, oldest first: one list call, and one for each year. */
export const monthsOf = async (to: Store): Promise<readonly string[]> => {
  const years = await below(to, indexRoot);
  const months = (await Promise.all(years.map((year) => below(to, year)))).flat();
  return months
    .map((prefix) => prefix.slice(indexRoot.length, -1))
    .filter((span) => /^\d{4}\/\d{2}$/.test(span));
};

/**
 * One page of the index: one list call and one read for each incident on it, however many there are
 * in the bucket. `opened` sorts before `sealed`, so a page always holds both or says that the
 * second is missing.
 */
export const readIndex = async (
  to: Store,
  { span, after, incidents = 50 }: IndexOptions,
): Promise<IndexPage> => {
  if (!isSpan(span))
    throw new Error(
      `${span.slice(0, 20)} is no year, month or day: write 2026, 2026/11 or 2026/11/21`,
    );
  // At most two objects for each incident, and one more to see whether there is another page.
  const list = {
    Bucket: to.bucket,
    Prefix: `${indexRoot}${span}/`,
    StartAfter: after,
    MaxKeys: Math.min(1_000, 2 * incidents + 1),
  };
  const { Contents = [] } = await to.s3.send(new ListObjectsV2Command(list));
  const keys = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  const byName = [...Map.groupBy(keys, nameOf)];
  const shown = byName.slice(0, incidents);
  const rows = await Promise.all(
    shown.map(async ([name, own]) => {
      const key = own.find((objectKey) => objectKey.endsWith('.sealed.json')) ?? own[0] ?? '';
      return { name, entry: await read(to, key), sealed: key.endsWith('.sealed.json') };
    }),
  );
  return { span, rows, next: byName.length > shown.length ? shown.at(-1)?.[1].at(-1) : undefined };
};

const text = (entry: unknown, path: string): string => {
  const field = at(entry, path);
  return typeof field === 'string' || typeof field === 'number' ? String(field) : '-';
};

const notSealed = html`<span class="warn">not sealed</span>`;

const sealedContent = (entry: unknown): Html => {
  const bytes = size(Number(at(entry, 'sealed.bytes') ?? 0));
  const gaps = Number(at(entry, 'sealed.gaps') ?? 0);
  const objects = Number(at(entry, 'sealed.objects') ?? 0);
  return html`${count(objects, 'file')}, ${bytes}, ${count(gaps, 'gap')}<br>
<span class="soft">number ${text(entry, 'sealed.sequence')} of the chain</span>`;
};

const rowOf =
  (linkTo: IndexLinks['folder']) =>
  ({ entry, sealed }: IndexRow): Html => {
    const folder = text(entry, 'folder');
    const href = /^incidents\/[a-z0-9/-]+\/$/.test(folder) ? linkTo(folder) : undefined;
    const link = href
      ? html`<a href="${href}">${text(entry, 'incident')}</a>`
      : html`${text(entry, 'incident')}`;
    const drill = at(entry, 'drill') === true ? html`<br><span class="drill">DRILL</span>` : noHtml;
    return html`<tr>
<th scope="row">${link}${drill}</th>
<td>${text(entry, 'type')}<br>
<span class="soft">severity ${text(entry, 'severity')}; ${text(entry, 'about')}</span></td>
<td>${text(entry, 'state')}<br>${sealed ? sealedContent(entry) : notSealed}</td></tr>
`;
  };

export interface IndexLinks {
  /** From the page to the folder of an incident; nothing where it is not at hand. */
  readonly folder: (folder: string) => string | undefined;
  readonly all?: string;
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
}

/** The page for people; it works from a folder on disk. */
export const indexPage = ({ span, rows }: IndexPage, links: IndexLinks): string => {
  const step = (to: string | undefined, words: string): Html =>
    to ? html`<li><a href="${to}">${words}</a></li>` : noHtml;
  return page(
    `Incidents of ${span}`,
    html`<p class="soft">Cordon, evidence</p>
<h1>Incidents of ${span}</h1>
<nav aria-label="Pages"><ul>
${step(links.all, 'All months')}
${step(links.previous, 'Earlier page')}
${step(links.next, 'Next page')}
</ul></nav>
${rows.length === 0 ? html`<p>There are none.</p>` : noHtml}
<table>
<caption>${count(rows.length, 'incident')} on this page</caption>
<thead><tr>
<th scope="col">Incident</th>
<th scope="col">Finding</th>
<th scope="col">State and evidence</th>
</tr></thead>
<tbody>
${rows.map(rowOf(links.folder))}</tbody>
</table>
<p>State is what it was when the evidence was sealed; <code>cordon show</code> says what it is now.
An incident that is not sealed has no manifest: either it is still open, or sealing failed.</p>`,
  );
};
