import type { Case } from '../incident/case.ts';
import { clockMeanings } from '../incident/clock-words.ts';
import { type Gap, gapKind, gapKinds } from '../incident/evidence.ts';
import { type ClockName, clockNames } from '../incident/incident.ts';
import { suspectParts, suspectsOf } from '../incident/suspect.ts';
import { count } from '../shared/count.ts';
import { type Html, noHtml } from '../shared/html.ts';
import { breakable, html, page } from './html.ts';
import type { ManifestObject } from './manifest.ts';
import type { PublicKey } from './signer.ts';

/** A variable of the function: its value is in the locked configuration only. */
export interface Variable {
  readonly version: string;
  readonly name: string;
  readonly keyedHash: string;
}

export interface PageOf {
  readonly incident: Case;
  readonly account: string;
  readonly region: string;
  readonly createdAt: string;
  readonly objects: readonly ManifestObject[];
  readonly gaps: readonly Gap[];
  readonly variables: readonly Variable[];
  readonly publicKey: PublicKey;
  /** Collector → what it stores, in words. */
  readonly titles: ReadonlyMap<string, string>;
}

export const size = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000
    ? `${(bytes / 1_000).toFixed(1)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
};

const time = (iso: string): Html =>
  html`<time datetime="${iso}">${iso.replace('T', ' ').replace(/\.\d{3}Z$/, ' UTC')}</time>`;

const fact = (name: string, value: Html | string): Html => html`<dt>${name}</dt><dd>${value}</dd>`;

/** The manifest has it for each file. */
const locked = (objects: readonly ManifestObject[]): Html => {
  const ends = objects
    .flatMap(({ retainUntil }) => (retainUntil === null ? [] : [retainUntil]))
    .sort();
  const [first] = ends;
  const unknown = objects.length - ends.length;
  if (first === undefined) return html`S3 named no lock of any file`;
  const others = unknown === 0 ? noHtml : html`; S3 named no lock of ${unknown} of them`;
  return html`until ${time(first)} at least${others}`;
};

/** `2 missing, 1 differs, each with its reason` */
const gapsInWords = (gaps: readonly Gap[]): Html | string => {
  if (gaps.length === 0) return 'none: everything that Cordon looks for was read';
  const counts = gapKinds
    .map((kind) => ({ kind, many: gaps.filter((gap) => gapKind(gap) === kind).length }))
    .filter(({ many }) => many > 0);
  const words = counts.map(({ kind, many }) => `${many} ${kind}`).join(', ');
  return html`<a href="#missing">${words}, each with its reason</a>`;
};

const summary = ({
  incident: { head },
  account,
  region,
  objects,
  gaps,
  createdAt,
}: PageOf): Html => {
  const { finding, state, round } = head;
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  const confirmed = suspectsOf(head).map((suspect) => suspectParts(suspect).join(', '));
  const about =
    confirmed.length > 0 ? confirmed.join('; ') : 'a workload that the account could not confirm';
  return html`<dl>
${fact('Finding', `${finding.type}, severity ${finding.severity}`)}
${fact('In words', finding.title)}
${fact('About', about)}
${fact('State when sealed', `${state}${round > 1 ? `, round ${round}` : ''}`)}
${fact('Account, region', `${account}, ${region}`)}
${fact('Opened', time(head.openedAt))}
${fact('This page was made', time(createdAt))}
${fact('Here', `${count(objects.length + 1, 'file')} with this page, ${size(bytes)} without it`)}
${fact('Locked', locked(objects))}
${fact('Gaps', gapsInWords(gaps))}
</dl>`;
};

const fileRow = ({ path, source, taken, endedAt, bytes, sha256 }: ManifestObject): Html => html`<tr>
<th scope="row"><a href="${path}">${path}</a><br>
<span class="soft">${breakable(source)}; ${taken}, ${time(endedAt)}</span></th>
<td class="num">${size(bytes)}</td><td class="hash"><code>${sha256}</code></td></tr>
`;

/** A heading and no caption: only before a heading does a printed page end where it should. */
const fileTable = (
  title: string,
  rows: readonly ManifestObject[],
  number: number,
): Html => html`<h3 id="files-${number}">${title}</h3>
<table aria-labelledby="files-${number}">
<thead><tr>
<th scope="col">File</th>
<th scope="col" class="num">Size</th>
<th scope="col" class="hash">SHA-256</th>
</tr></thead>
<tbody>
${rows.map(fileRow)}</tbody>
</table>
`;

const ownTitles = new Map([
  ['cordon', 'What Cordon wrote: timelines, reports, and what is needed to verify'],
  ['unknown', 'Files whose source is not known: their stage ended before it recorded it'],
]);

/** In the order of the collectors, what Cordon wrote about it first. */
const files = ({ objects, titles }: PageOf): readonly Html[] => {
  const words = new Map([...ownTitles, ...titles]);
  const groups = Map.groupBy(objects, ({ collector }) => collector);
  const order = new Set([...words.keys(), ...groups.keys()]);
  return [...order].map((collector, index) => {
    const rows = groups.get(collector) ?? [];
    return rows.length === 0
      ? noHtml
      : fileTable(words.get(collector) ?? collector, rows, index + 1);
  });
};

const gapRow = (gap: Gap): Html => html`<tr>
<th scope="row"><strong class="kind">${gapKind(gap)}</strong> ${gap.what}<br>
<span class="soft">${gap.collector ?? 'cordon'}</span></th>
<td>${gap.why}</td></tr>
`;

const missing = ({ gaps }: PageOf): Html =>
  gaps.length === 0
    ? html`<p>Everything that Cordon looks for was read.</p>`
    : html`<table>
<caption>What is not there, or not as it should be</caption>
<thead><tr><th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>
${gaps.map(gapRow)}</tbody>
</table>`;

const variableRow = ({ name, version, keyedHash }: Variable): Html => html`<tr>
<th scope="row"><code>${name}</code></th>
<td>${version}</td>
<td><code>${keyedHash}</code></td></tr>
`;

const environment = ({ variables }: PageOf): Html =>
  variables.length === 0
    ? noHtml
    : html`<h2 id="environment">Environment variables</h2>
<p>The values may be secrets: they are in the configuration files and nowhere else. Code in the
function could read every one of them: replace each value that gives access to something, as the
report’s list of what to rotate says. Equal hashes are equal values; the hash has a key
that was thrown away, so a value cannot be guessed from it.</p>
<table>
<caption>Names of the function’s variables</caption>
<thead><tr>
<th scope="col">Name</th>
<th scope="col">Version</th>
<th scope="col">Keyed hash of the value</th>
</tr></thead>
<tbody>
${variables.map(variableRow)}</tbody>
</table>
`;

const clockRow = (name: ClockName, at: number | null): Html => html`<tr>
<th scope="row">${clockMeanings[name]}</th>
<td>${at === null ? 'not yet, or never' : time(new Date(at).toISOString())}</td></tr>
`;

const clocks = ({ incident: { head } }: PageOf): Html => html`<table>
<caption>When what happened</caption>
<thead><tr><th scope="col">What</th><th scope="col">Time</th></tr></thead>
<tbody>
${clockNames.map((name) => clockRow(name, head.clocks[name]))}</tbody>
</table>`;

const verifying = ({ publicKey }: PageOf): Html => html`<p>Each file’s SHA-256 is in
<code>manifest.json</code>; the manifest is signed (<code>manifest.sig</code>, ECDSA P-256) and
names the hash of the manifest before it, so that none can be taken out unnoticed. Nothing here
needs AWS or Cordon. With Node.js:</p>
<pre>node verify.mjs . --key cordon-public-key.pem</pre>
<p>With OpenSSL:</p>
<pre>openssl dgst -sha256 -verify cordon-public-key.pem -signature manifest.sig manifest.json</pre>
<p>Take <code>cordon-public-key.pem</code> from the people who run Cordon, not from this folder:
whoever can change a folder can change the key in it. This is the fingerprint (SHA-256 of the key in
DER form) to compare:</p>
<pre>${publicKey.sha256}</pre>
<p>For a folder that was copied without <code>cordon evidence pull</code>, add
<code>--copied</code>.</p>`;

const drillNote = html`<p><span class="drill">DRILL</span> A rehearsal: nobody was attacked. Its
evidence is removed some days after its lock has ended.</p>`;

/**
 * What an auditor opens first. It is stored before the manifest, which lists it; itself and the
 * manifest it cannot list.
 */
export const incidentPage = (of: PageOf): string => {
  const { head } = of.incident;
  const body = html`<p class="soft">Cordon, evidence of an incident</p>
<h1>Incident ${head.id}</h1>
${head.drill ? drillNote : noHtml}
<nav aria-label="On this page"><ul>
<li><a href="#here">What is here</a></li>
<li><a href="#missing">What is missing or differs</a></li>
<li><a href="#custody">Who touched it</a></li>
<li><a href="#verify">How to verify</a></li>
<li><a href="#limits">What this cannot show</a></li>
</ul></nav>
${summary(of)}
<h2 id="here">What is here</h2>
<p>Every file was stored once, with a checksum that S3 verified, and is locked. <em>Before</em> and
<em>after containment</em> say whether Cordon had already changed the workload when the file was
read; where the change can be seen in it, the file says so.</p>
${files(of)}
<h2 id="missing">What is missing or differs, and why</h2>
${missing(of)}
${environment(of)}
<h2 id="clocks">Times</h2>
${clocks(of)}
<h2 id="custody">Who touched it</h2>
<p>Cordon’s collector stored the files; only it may write here. Whoever reads or exports them
with <code>cordon evidence</code> says why, and an entry is added to the folder
<code>custody</code>: numbered, signed, each naming the hash of the one before. Entries are newer
than this page, so they are not listed on it. Access around Cordon is in CloudTrail’s data events of
the bucket and in its access log.</p>
<h2 id="verify">How to verify</h2>
${verifying(of)}
<h2 id="limits">What this cannot show</h2>
<p>The memory and the temporary files of a running function cannot be read by any call of AWS. What
the attacker did before the logs begin, or where nothing is logged, is not here. Archives are stored
as they were and were never unpacked: they may contain malware: open them on a
machine that is isolated.</p>`;
  return page(`Evidence of ${head.id}`, body);
};
