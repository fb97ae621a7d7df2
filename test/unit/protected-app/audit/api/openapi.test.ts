import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { auditOpenapi, auditOpenapiText } from '../../../../../protected-app/audit/api/openapi.ts';
import { auditRouteEntries } from '../../../../../protected-app/audit/api/routes.ts';

it('protected-app/audit/api/openapi.json is what `npm run docs` prints', () => {
  const file = 'protected-app/audit/api/openapi.json';
  expect(readFileSync(file, 'utf8')).toBe(auditOpenapiText());
});

it('has every route with its problems, and names each operation once', () => {
  const { paths } = auditOpenapi();
  const operations = Object.entries(paths).map(([path, { get }]) => ({ path, ...get }));

  expect(operations.map(({ path }) => `GET ${path}`)).toEqual(
    auditRouteEntries.map(([name]) => name),
  );
  expect(operations.map(({ operationId }) => operationId)).toEqual([
    ...['getEvents', 'getEventsId', 'getSeals', 'getSealsId'],
  ]);
  for (const { path, responses } of operations)
    expect(Object.keys(responses)).toEqual([
      ...['200', '400', '403', ...(path.includes('{') ? ['404'] : []), '429', '500', '503', '504'],
    ]);
});
