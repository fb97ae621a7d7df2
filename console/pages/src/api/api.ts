import type { paths } from '@contract';
import { send } from '@kit/api/call.ts';
import type { SiteConfig } from '@kit/config.ts';
import createClient, { type Client } from 'openapi-fetch';

/** The client of the contract; made when the configuration is known. */
export let api: Client<paths>;

let evidenceFolder: string | undefined;

export const setUpApi = (baseUrl: string, { evidence }: Pick<SiteConfig, 'evidence'>): void => {
  api = createClient<paths>({ baseUrl, fetch: send });
  evidenceFolder = evidence;
};

/** Where a page itself reads a link to evidence: in a local run all comes from one origin. */
export const ownLink = (url: string): string => {
  if (evidenceFolder === undefined) return url;
  const { pathname, search } = new URL(url);
  return new URL(`${evidenceFolder}${pathname.slice(1)}${search}`, location.origin).href;
};

type Json<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

/** What a `GET` of a path answers. */
export type Reply<Path extends keyof paths> = Json<paths[Path]['get']>;
/** What a `POST` to a path answers. */
export type PostReply<Path extends keyof paths> = Json<paths[Path]['post']>;
