import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../../local/engine/disk-errors.ts';
import { CordonError } from '../../operator/errors.ts';
import { bucketOf } from '../../operator/evidence-bucket.ts';
import { frontPage, type IndexScope, type Month } from '../../responders/evidence/index-front.ts';
import {
  type IndexPage,
  indexPage,
  monthsOf,
  readIndex,
} from '../../responders/evidence/index-page.ts';
import type { Store } from '../../responders/evidence/store.ts';
import { namesIn } from '../input.ts';
import type { ExitCode, Output } from '../output.ts';
import { type PlacedOptions, placeOf } from '../placed.ts';
import type { EvidenceIndexDocument } from '../schemas/evidence-index.ts';
import { columns } from '../terminal.ts';
import type { CommandDeps } from '../verb.ts';

interface IndexRequest extends PlacedOptions {
  readonly to: string;
  /** Days, both included: `2026-11-01`. */
  readonly from?: string;
  readonly until?: string;
  /** The index of drills, whose evidence is in a bucket of its own. */
  readonly drills?: boolean;
}

const perPage = 100;
/** How many months are read at once. */
const atOnce = 4;
/** The pages that this command writes. */
const ours = /^(index|\d{4}-\d{2}(-\d+)?)\.html$/;

/**
 * Writes the index over the bucket's incidents as plain pages. It reads the index entries only, no
 * content of evidence.
 */
export const index = async (
  deps: CommandDeps,
  out: Output,
  { to, from, until, drills = false, ...wanted }: IndexRequest,
): Promise<ExitCode> => {
  if (from !== undefined && until !== undefined && from > until)
    throw new CordonError(`${from} is after ${until}`, { code: 2 });
  await assertOurs(to);
  const { s3, name: bucket } = await bucketOf(
    await placeOf(deps, wanted),
    drills ? 'drill' : 'real',
  );
  const months = await writeIndex({ s3, bucket }, to, { from, until, drills }).catch(
    (error: unknown) => {
      throw explain(error, to); // of a failed write Node tells the path not always
    },
  );
  if (!drills) out.note('drills have an index of their own: --drills');
  return printMonths(out, to, months);
};

/** Writes the pages of each month and the front page. */
export const writeIndex = async (
  store: Store,
  to: string,
  scope: IndexScope,
): Promise<readonly Month[]> => {
  const spans = (await monthsOf(store)).filter((month) => touches(month, scope));
  const pages = new Map<string, readonly IndexPage[]>();
  const queue = [...spans];
  const worker = async (): Promise<void> => {
    for (let span = queue.shift(); span !== undefined; span = queue.shift())
      pages.set(span, await pagesOf(store, span, scope));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await mkdir(to, { recursive: true });
  const months: Month[] = [];
  for (const span of spans) months.push(...(await writeMonth(to, span, pages.get(span) ?? [])));
  await writeFile(join(to, 'index.html'), frontPage(months, scope));
  return months;
};

const printMonths = (out: Output, to: string, months: readonly Month[]): ExitCode => {
  const rows = months.map(({ span, incidents, unsealed, files }) => [
    span,
    String(incidents),
    String(unsealed),
    files.join(' '),
  ]);
  out.line(columns([['month', 'incidents', 'not sealed', 'pages'], ...rows], out.columns));
  out.line(`open ${join(to, 'index.html')}`);
  const sum = (of: (month: Month) => number): number =>
    months.reduce((total, month) => total + of(month), 0);
  out.document<EvidenceIndexDocument>({
    folder: to,
    incidents: sum(({ incidents }) => incidents),
    unsealed: sum(({ unsealed }) => unsealed),
    months,
  });
  return 0;
};

/** Refuses a folder with other files than those of an index and of pulled incidents. */
const assertOurs = async (dir: string): Promise<void> => {
  const names = await namesIn(dir);
  const stranger = names.find((name) => name !== 'incidents' && !ours.test(name));
  if (
    stranger !== undefined ||
    (names.length > 0 &&
      !names.includes('index.html') &&
      !names.every((name) => name === 'incidents'))
  )
    throw new CordonError(`${dir} has other files than those of an index: name a new folder`, {
      code: 2,
    });
};

const dayOf = (name: string): string => name.split('/').slice(2, 5).join('-');

const touches = (month: string, { from = '', until = '9999' }: IndexScope): boolean => {
  const named = month.replace('/', '-');
  return named >= from.slice(0, 7) && named <= until.slice(0, 7);
};

/** All pages of one month, without what lies outside the days. */
const pagesOf = async (
  store: Store,
  span: string,
  { from = '', until = '9999' }: IndexScope,
): Promise<readonly IndexPage[]> => {
  const pages: IndexPage[] = [];
  // Keys are in the order of days, so reading starts at `from` and ends after `until`.
  let after: string | undefined = from.startsWith(span.replace('/', '-'))
    ? `incidents/index/${from.replaceAll('-', '/')}/`
    : undefined;
  do {
    const page = await readIndex(store, { span, after, incidents: perPage });
    const rows = page.rows.filter(({ name }) => dayOf(name) >= from && dayOf(name) <= until);
    if (rows.length > 0) pages.push({ ...page, rows });
    after = rows.length < page.rows.length ? undefined : page.next;
  } while (after !== undefined);
  return pages;
};

const fileOf = (span: string, number: number): string =>
  `${span.replace('/', '-')}${number === 0 ? '' : `-${number + 1}`}.html`;

const writeMonth = async (
  to: string,
  span: string,
  pages: readonly IndexPage[],
): Promise<readonly Month[]> => {
  const files = pages.map((_page, number) => fileOf(span, number));
  // An incident is linked if it has been pulled into the folder of the index.
  const folder = (path: string): string | undefined =>
    existsSync(join(to, path, 'index.html')) ? `${path}index.html` : undefined;
  for (const [number, page] of pages.entries())
    await writeFile(
      join(to, fileOf(span, number)),
      indexPage(page, {
        folder,
        all: 'index.html',
        previous: files[number - 1],
        next: files[number + 1],
      }),
    );
  const rows = pages.flatMap((page) => page.rows);
  const unsealed = rows.filter(({ sealed }) => !sealed).length;
  return rows.length === 0 ? [] : [{ span, incidents: rows.length, unsealed, files }];
};
