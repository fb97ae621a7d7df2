import { expect, it } from 'vitest';
import { localConfig } from '../../../../local/entrances/config.ts';

const users = { userPoolId: 'us-east-1_Pool', userPoolClientId: 'client' };
const told = (deployed: unknown, hasEvidence = false) => {
  const config = localConfig(deployed, { hasEvidence });
  return config && { ...config, text: JSON.parse(config.text) };
};

it('addresses of AWS become paths of the pages’ own origin, and nothing else changes', () => {
  const api = 'https://abc123.execute-api.us-east-1.amazonaws.com/v1/';
  const graphql = 'https://xyz.appsync-api.us-east-1.amazonaws.com/graphql';

  expect(told({ api, graphql, ...users, region: 'us-east-1' })).toEqual({
    text: { api: '/v1', graphql: '/graphql', ...users, region: 'us-east-1', cognito: '/cognito/' },
    api: { id: 'abc123', path: '/v1' },
    graphql: 'xyz',
    hasEvidence: false,
  });
});

it('an API without a stage in its address has none behind the path', () => {
  const api = 'https://abc123.execute-api.us-east-1.amazonaws.com';

  expect(told({ api })).toMatchObject({ text: { api: '/v1' }, api: { id: 'abc123', path: '' } });
  expect(told({ api: `${api}/` })?.api?.path).toBe('');
});

it('pages that follow links to evidence are told where these lead', () => {
  expect(told(users, true)?.text).toMatchObject({ evidence: '/evidence-links/' });
});

it.each([undefined, {}, '<!doctype html>'])('%j is no configuration', (deployed) => {
  expect(told(deployed)).toBeUndefined();
});
