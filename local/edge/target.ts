import { EdgeProblem } from './problem.ts';

/** The path and the query of a request, as they were sent. */
export interface RequestTarget {
  readonly path: string;
  readonly query: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes percent signs once. `undefined` if the bytes are not valid UTF-8, or a percent sign
 * stands alone.
 */
const decoded = (text: string): string | undefined => {
  if (/%(?![\da-f]{2})/i.test(text)) return undefined;
  const bytes = Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  );
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Control characters, backslashes, and the segments `.` and `..`. */
const forbiddenInPath = /\p{Cc}|\\|(?:^|[/;])\.{1,2}(?:$|[/;])/u;

/**
 * Whether a part of the address has nothing forbidden in it, also after two more rounds of
 * decoding: a server behind the edge may decode again.
 */
const isClean = (part: string, forbidden: RegExp): boolean => {
  let text = decoded(part);
  if (text === undefined) return false;
  for (let round = 0; round < 3 && text !== undefined; round += 1) {
    if (forbidden.test(text)) return false;
    text = decoded(Buffer.from(text, 'utf8').toString('latin1'));
  }
  return true;
};

/**
 * Splits the address of a request into path and query. Refuses, before any rule, what is not a path
 * of this server, is not valid UTF-8, or has control characters, `.` or `..` in it. URL libraries
 * never send such addresses.
 */
export const readTarget = (url: string): RequestTarget => {
  const [path = '', query = ''] = url.split(/\?([\s\S]*)/, 2);
  if (!path.startsWith('/') || path.startsWith('//'))
    throw new EdgeProblem(400, 'The address is not a path.');
  if (!isClean(path, forbiddenInPath)) throw new EdgeProblem(400, 'The path is not plain text.');
  if (!isClean(query, /\0/)) throw new EdgeProblem(400, 'The query is not plain text.');
  return { path, query };
};

/** Maps `/<stage>/products` or `/products` to the path of the stage on the engine. */
export const onEngine = ({ path, query }: RequestTarget, apiId: string, stage: string): string => {
  const rest =
    path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
  const search = query === '' ? '' : `?${query}`;
  return `/restapis/${apiId}/${stage}/_user_request_${rest || '/'}${search}`;
};
