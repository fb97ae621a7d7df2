import { at, isRecord, jsonIn, listAt } from './json.ts';

/**
 * `arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/PUT/products/*`: its stage, method and
 * path.
 */
const route = /^arn:[^:]+:execute-api:[^:]*:[^:]*:[^/]+\/([^/]+)\/([^/]+)(\/.*)?$/;

const textsIn = (value: unknown): readonly string[] =>
  [value].flat().filter((text) => typeof text === 'string');

const sourcesOf = (statement: unknown): readonly string[] => {
  const condition = at(statement, 'Condition');
  if (!isRecord(condition)) return [];
  const named = Object.values(condition).flatMap((keys) =>
    isRecord(keys) ? Object.entries(keys) : [],
  );
  return named.flatMap(([key, arns]) =>
    key.toLowerCase() === 'aws:sourcearn' ? textsIn(arns) : [],
  );
};

/** `null` for another source than an API; the console's test stage is nobody's route. */
const routeOf = (arn: string): string | null | undefined => {
  const [, stage, method, path = '/'] = route.exec(arn) ?? [];
  if (stage === undefined) return null;
  if (stage === 'test-invoke-stage') return undefined;
  return `${method === '*' ? 'every method of' : method} ${path}`;
};

const allowing = (policy: string): readonly unknown[] =>
  listAt(jsonIn(policy), 'Statement').filter((statement) => at(statement, 'Effect') === 'Allow');

const sorted = (names: readonly (string | null | undefined)[]): readonly string[] =>
  [...new Set(names)].filter((name) => typeof name === 'string').sort();

/** The routes of APIs (`PUT /products/*`) that the resource policy of a function lets call it. */
export const routesIn = (policy: string): readonly string[] =>
  sorted(allowing(policy).flatMap(sourcesOf).map(routeOf));

/** `rule/nightly` of an ARN. */
export const resourceOf = (arn: string): string => arn.split(':').slice(5).join(':') || arn;

const principalsOf = (statement: unknown): readonly string[] => {
  const principal = at(statement, 'Principal');
  return isRecord(principal) ? Object.values(principal).flatMap(textsIn) : textsIn(principal);
};

/** Who else may call it: `events rule/nightly`, `s3 uploads`, `arn:aws:iam::…:root`. */
export const invokersIn = (policy: string): readonly string[] =>
  sorted(
    allowing(policy).flatMap((statement) => {
      const sources = sourcesOf(statement);
      return principalsOf(statement).flatMap((principal) => {
        const name = principal === '*' ? 'anybody' : principal.replace('.amazonaws.com', '');
        if (sources.length === 0) return [name];
        return sources
          .filter((arn) => routeOf(arn) === null)
          .map((arn) => `${name} ${resourceOf(arn)}`);
      });
    }),
  );
