import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { openapi, openapiText, operationId } from '../../../protected-app/openapi.ts';
import { examples } from '../../../protected-app/openapi-examples.ts';
import { problemsOf } from '../../../protected-app/openapi-problems.ts';
import { namedSchemas } from '../../../protected-app/openapi-schemas.ts';
import { routes } from '../../../protected-app/routes.ts';

const document: unknown = JSON.parse(openapiText());
const schemas = openapi().components.schemas;

const at = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => Object(value)[part.replaceAll('~1', '/')], document);

const refsIn = (value: unknown): readonly string[] =>
  Object.entries(Object(value)).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : typeof inner === 'string' ? [] : refsIn(inner),
  );

it('protected-app/openapi.json is what `npm run docs` prints', () => {
  expect(readFileSync('protected-app/openapi.json', 'utf8')).toBe(openapiText());
});

it('every reference leads somewhere', () => {
  const refs = refsIn(document);
  expect(refs.length).toBeGreaterThan(100);
  expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
});

it('has every route, with all that it may answer, and no other', () => {
  const written = Object.entries(openapi().paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((one) => `${one.toUpperCase()} ${path}`),
  );
  expect(written.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  expect(new Set(routes.map(operationId)).size).toBe(routes.length);
  for (const route of routes) {
    const responses = Object(
      at(`#/paths/${route.path.replaceAll('/', '~1')}/${route.method.toLowerCase()}/responses`),
    );
    expect(Object.keys(responses).map(Number).sort()).toEqual(
      [...Object.keys(route.replies).map(Number), ...problemsOf(route)].sort(),
    );
  }
});

it('what only signed-in people may call asks for the access token, and may answer 401', () => {
  for (const route of routes) {
    const security = at(
      `#/paths/${route.path.replaceAll('/', '~1')}/${route.method.toLowerCase()}/security`,
    );
    expect(security).toEqual(route.audience === 'everybody' ? [] : [{ accessToken: [] }]);
    expect(problemsOf(route).includes(401)).toBe(route.audience !== 'everybody');
  }
});

it.each(Object.keys(namedSchemas))(
  'the example of %s is one, by the document and by the schema that the API runs on',
  (name) => {
    const ajv = new Ajv2020({
      strict: true,
      formats: { uuid: true, 'date-time': true },
      allowUnionTypes: true,
    });
    ajv.addVocabulary(['components']).addSchema({ $id: 'document', components: { schemas } });
    expect(
      ajv.validate({ $ref: `document#/components/schemas/${name}` }, examples[name]),
      ajv.errorsText(),
    ).toBe(true);
    expect(namedSchemas[name]?.parse(examples[name])).toEqual(examples[name]);
  },
);

it('every parameter has a limit: a pattern, a list or a range', () => {
  const parameters = Object.values(openapi().paths).flatMap((methods) =>
    Object.values(methods).flatMap((operation) => Object(operation).parameters),
  );
  expect(parameters.length).toBeGreaterThan(15);
  const isLimited = ({ schema }: { readonly schema: Readonly<Record<string, unknown>> }): boolean =>
    ['pattern', 'enum', 'maximum'].some((keyword) => keyword in schema);
  expect(parameters.filter((parameter) => !isLimited(parameter))).toEqual([]);
  for (const { path, method } of routes.filter(({ path: template }) => template.includes('{id}'))) {
    const operation = Object(Object(openapi().paths[path])[method.toLowerCase()]);
    expect(operation.parameters).toContainEqual(
      expect.objectContaining({ name: 'id', in: 'path', required: true }),
    );
  }
});
