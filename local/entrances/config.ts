import { entries } from '../engine/parse.ts';
import { evidenceFolder } from '../site.ts';

/** What the pages of a run are told in place of the addresses of AWS. */
export interface LocalConfig {
  /** The text of `config.json`. */
  readonly text: string;
  /** The id of the API behind `/v1`, and its path: the stage. */
  readonly api: { readonly id: string; readonly path: string } | undefined;
  /** The id of the API behind `/graphql`. */
  readonly graphql: string | undefined;
  /** Whether the pages follow links to evidence. */
  readonly hasEvidence: boolean;
}

const restAddress = /^https:\/\/(\w+)\.execute-api\.[\w.-]+?(\/[\w$-]*)?\/?$/;
const graphqlAddress = /^https:\/\/(\w+)\.appsync-api\.[\w.-]+\/graphql$/;

/**
 * Rewrites what a stack has written beside its pages: addresses of AWS become paths of the pages'
 * own origin, so that the policy of the pages is the same as on AWS. Undefined where there is no
 * such file.
 */
export const localConfig = (
  deployed: unknown,
  { hasEvidence }: { readonly hasEvidence: boolean },
): LocalConfig | undefined => {
  const given = typeof deployed === 'string' ? [] : entries(deployed);
  if (given.length === 0) return undefined;
  let api: LocalConfig['api'];
  let graphql: string | undefined;
  const told = given.map(([name, value]) => {
    const [, restId, stage = ''] = restAddress.exec(String(value)) ?? [];
    const [, graphqlId] = graphqlAddress.exec(String(value)) ?? [];
    if (restId !== undefined) api = { id: restId, path: stage === '/' ? '' : stage };
    if (graphqlId !== undefined) graphql = graphqlId;
    if (restId !== undefined) return [name, '/v1'] as const;
    return [name, graphqlId === undefined ? value : '/graphql'] as const;
  });
  const config = {
    ...Object.fromEntries(told),
    ...(given.some(([name]) => name === 'userPoolId') && { cognito: '/cognito/' }),
    ...(hasEvidence && { evidence: evidenceFolder }),
  };
  return { text: JSON.stringify(config), api, graphql, hasEvidence };
};
