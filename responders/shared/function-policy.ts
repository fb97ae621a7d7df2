import { at, isRecord } from '../shared/json.ts';

/**
 * `arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/PUT/products/*`: its stage, method and
 * path.
 */
const route = /^arn:[^:]+:execute-api:[^:]*:[^:]*:[^/]+\/([^/]+)\/([^/]+)(\/.*)?$/;

/** AWS answers with the policy as a text. */
const statementsOf = (resourcePolicy: unknown): readonly unknown[] => {
  const text = at(resourcePolicy, 'answer.Policy');
  try {
    const statements = at(JSON.parse(typeof text === 'string' ? text : '{}'), 'Statement');
    return Array.isArray(statements) ? statements : [];
  } catch {
    return [];
  }
};

const sourcesOf = (statement: unknown): readonly unknown[] => {
  const condition = at(statement, 'Condition');
  if (at(statement, 'Effect') !== 'Allow' || !isRecord(condition)) return [];
  const named = Object.values(condition).flatMap((keys) =>
    isRecord(keys) ? Object.entries(keys) : [],
  );
  return named.flatMap(([key, arns]) =>
    key.toLowerCase() === 'aws:sourcearn' ? [arns].flat() : [],
  );
};

/**
 * The routes of APIs that end in a function (`PUT /products/*`), from the policy that says who may
 * call it. The console's test stage is nobody's route.
 */
export const routesOf = (resourcePolicy: unknown): readonly string[] => {
  const routes = statementsOf(resourcePolicy)
    .flatMap(sourcesOf)
    .flatMap((arn) => {
      const [, stage, method, path = '/'] = route.exec(typeof arn === 'string' ? arn : '') ?? [];
      return stage === undefined || stage === 'test-invoke-stage'
        ? []
        : [`${method === '*' ? 'every method of' : method} ${path}`];
    });
  return [...new Set(routes)].sort();
};
