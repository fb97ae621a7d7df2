import { EdgeProblem } from './problem.ts';

export interface Target {
  readonly path: string;
  readonly query: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Bytes decoded once, or undefined where they are no text: a lone percent sign, an overlong or
 * broken character.
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

/** Control characters, and steps up or aside in a path. */
const inNoPath = /\p{Cc}|\\|(?:^|[/;])\.{1,2}(?:$|[/;])/u;

/**
 * Whoever stands behind may decode once more than we do, so nothing that climbs may come out of two
 * more rounds either.
 */
const clean = (part: string, forbidden: RegExp): boolean => {
  let text = decoded(part);
  if (text === undefined) return false;
  for (let round = 0; round < 3 && text !== undefined; round += 1) {
    if (forbidden.test(text)) return false;
    text = decoded(Buffer.from(text, 'utf8').toString('latin1'));
  }
  return true;
};

/**
 * Takes the address of a request apart, or says why not. Refused before any rule: what is no path
 * of this server, what does not decode to text, control characters, and paths that climb. A client
 * that makes its URLs with a library never sends one.
 */
export const readTarget = (url: string): Target => {
  const [path = '', query = ''] = url.split(/\?([\s\S]*)/, 2);
  if (!path.startsWith('/') || path.startsWith('//'))
    throw new EdgeProblem(400, 'The address is not a path.');
  if (!clean(path, inNoPath)) throw new EdgeProblem(400, 'The path is not plain text.');
  if (!clean(query, /\0/)) throw new EdgeProblem(400, 'The query is not plain text.');
  return { path, query };
};

/** `/<stage>/products` or `/products` → the address of the stage on the engine. */
export const onEngine = ({ path, query }: Target, apiId: string, stage: string): string => {
  const rest =
    path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
  return `/restapis/${apiId}/${stage}/_user_request_${rest === '' ? '/' : rest}${query === '' ? '' : `?${query}`}`;
};
