import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  consoleOpenapi,
  consoleOpenapiText,
  operationName,
  problemsOfRoute,
} from '../../../console/openapi.ts';
import { consoleRoutes } from '../../../console/routes.ts';

it('console/openapi.json is what `npm run docs` prints', () => {
  expect(readFileSync('console/openapi.json', 'utf8')).toBe(consoleOpenapiText());
});

it('has every route, with all that it may answer, and no other', () => {
  const written = Object.entries(consoleOpenapi().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      statuses: Object.keys(Object(operation).responses).map(Number),
    })),
  );
  const wanted = consoleRoutes.map((route) => ({
    name: `${route.method} ${route.path}`,
    statuses: [
      200,
      ...(route.decides ? [202] : []),
      ...(route.tagged ? [304] : []),
      ...problemsOfRoute(route),
    ],
  }));
  const byName = (left: { name: string }, right: { name: string }) =>
    left.name.localeCompare(right.name);
  expect(written.sort(byName)).toEqual(wanted.sort(byName));
});

it('names every operation once, in a way that a client can', () => {
  const names = consoleRoutes.map(operationName);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^(get|post)[A-Za-z]+$/.test(name))).toEqual([]);
  expect(names).toContain('getIncidentsByIdReleasePreview');
});
