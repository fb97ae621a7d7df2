import { readFileSync } from 'node:fs';
import { App, type Stack, Tags, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { CordonProtectedApp } from '../../../infra/app/stack.ts';
import { type Config, parseConfig } from '../../../infra/config.ts';
import { CordonConsole } from '../../../infra/console/stack.ts';
import { CordonDrillTarget } from '../../../infra/drill-target/stack.ts';
import { CordonForward } from '../../../infra/forward/stack.ts';
import { forwardingRegions } from '../../../infra/regions.ts';
import { CordonResponse } from '../../../infra/response/stack.ts';
import { systems } from '../../../infra/systems.ts';
import { temp } from '../temp.ts';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export interface Resource {
  readonly id: string;
  readonly type: string;
  /** Properties with references written as `<Logical.Attribute>`. */
  readonly properties: Json;
  readonly deletionPolicy: Json;
}

/** A path into a template; nothing where the path ends early. */
export const at = (
  value: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined => {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return at(Object.entries(value).find(([key]) => key === String(first))?.[1], ...rest);
};

export const listAt = (
  value: Json | undefined,
  ...path: readonly (string | number)[]
): readonly Json[] => {
  const found = at(value, ...path);
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
};

const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/**
 * `{ Ref: 'AWS::Region' }` → `<AWS::Region>`, and joins put together, so that tests read like
 * policies.
 */
const plain = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const [only, ...others] = Object.entries(value);
  if (only && others.length === 0) {
    const [key, inner] = only;
    if (key === 'Ref') return `<${text(inner)}>`;
    if (key === 'Fn::GetAtt') return `<${listAt(inner).map(text).join('.')}>`;
    if (key === 'Fn::Join')
      return listAt(inner, 1)
        .map((part) => text(plain(part)))
        .join('');
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
};

const systemParts = await Promise.all(
  systems.map(async ({ name, load }) => ({ name, addTo: (await load()).addTo })),
);

export interface Synthesised {
  readonly app: App;
  readonly outdir: string;
  readonly stacks: Readonly<
    Record<
      'CordonResponse' | 'CordonDrillTarget' | 'CordonProtectedApp' | 'CordonConsole',
      readonly Resource[]
    >
  >;
  /** Of each system that can be chosen, by its name. */
  readonly systems: Readonly<Record<string, readonly Resource[]>>;
  /** Of each further region, in the order of the configuration. */
  readonly forwards: readonly (readonly Resource[])[];
  /** The templates of the stacks as they go to AWS. */
  readonly texts: readonly string[];
}

const code = (entry: string): Code => Code.fromInline(`// ${entry}`);

interface SynthOptions {
  readonly outdir?: string;
  /**
   * With the rules of cdk-nag and of the library, which take more than half of the time. What they
   * find is in the folder, and an error ends the synthesis. `app.checks.test.ts` asks for them.
   */
  readonly isChecked?: boolean;
}

const begun = (
  given: Readonly<Record<string, unknown>>,
  { outdir = temp('infra'), isChecked = false }: SynthOptions = {},
) => ({
  app: new App({
    ...{ analyticsReporting: false, context: flags(), outdir },
    builtinCloudFormationValidation: isChecked,
  }),
  // Somebody to tell: the warning about nobody has a test of its own.
  config: parseConfig({ notify: ['team@example.org'], ...given }),
});

/** A stack without the others. */
const alone = (
  given: Readonly<Record<string, unknown>>,
  stackOf: (begun: { readonly app: App; readonly config: Config }) => Stack,
): readonly Resource[] => {
  const { app, config } = begun(given);
  const { templateFile } = stackOf({ app, config });
  return resourcesOf(readFileSync(`${app.synth().directory}/${templateFile}`, 'utf8'));
};

/** `CordonResponse` as a configuration changes it. */
export const responseWith = (given: Readonly<Record<string, unknown>>): readonly Resource[] =>
  alone(given, ({ app, config }) => new CordonResponse(app, 'CordonResponse', { config, code }));

/** `CordonProtectedApp` as a configuration changes it. */
export const protectedAppWith = (given: Readonly<Record<string, unknown>>): readonly Resource[] =>
  alone(
    given,
    ({ app, config }) =>
      new CordonProtectedApp(app, 'CordonProtectedApp', { config, code, site: 'test' }),
  );

/**
 * All stacks, without the bundles: templates do not depend on what is in them.
 */
export const synthesise = (
  given: Readonly<Record<string, unknown>> = {},
  options: SynthOptions = {},
): Synthesised => {
  const { app, config } = begun(given, options);
  const response = new CordonResponse(app, 'CordonResponse', { config, code });
  const target = new CordonDrillTarget(app, 'CordonDrillTarget', { config, code });
  target.addStackDependency(response);
  const protectedApp = new CordonProtectedApp(app, 'CordonProtectedApp', {
    config,
    code,
    site: 'test',
  });
  const console =
    response.console &&
    new CordonConsole(app, 'CordonConsole', {
      config,
      code,
      resources: response.console,
      site: 'test',
    });
  const forwards = forwardingRegions(config, 'us-east-1').map(
    ({ region, home }) =>
      new CordonForward(app, `CordonForward-${region}`, { config, home, env: { region } }),
  );
  const chosen = systemParts.map(({ name, addTo }) => ({
    name,
    stack: addTo(app, { config, code, site: () => 'test' }),
  }));
  for (const [key, value] of Object.entries(config.tags)) Tags.of(app).add(key, value);
  if (options.isChecked)
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const { directory } = app.synth();
  const templateOf = ({ templateFile }: Stack): string =>
    readFileSync(`${directory}/${templateFile}`, 'utf8');
  const own = [response, target, protectedApp, ...(console ? [console] : [])];
  const texts = [...own, ...forwards, ...chosen.map(({ stack }) => stack)].map(templateOf);
  const [responseText = '', targetText = '', appText = '', consoleText = '{}'] =
    own.map(templateOf);
  return {
    app,
    outdir: directory,
    texts,
    systems: Object.fromEntries(
      chosen.map(({ name, stack }) => [name, resourcesOf(templateOf(stack))]),
    ),
    forwards: forwards.map((forward) => resourcesOf(templateOf(forward))),
    stacks: {
      CordonResponse: resourcesOf(responseText),
      CordonDrillTarget: resourcesOf(targetText),
      CordonProtectedApp: resourcesOf(appText),
      CordonConsole: resourcesOf(consoleText),
    },
  };
};

const resourcesOf = (template: string): Resource[] => {
  const parsed: Json = JSON.parse(template);
  return Object.entries(at(parsed, 'Resources') ?? {}).map(([id, resource]) => ({
    id,
    type: text(at(resource, 'Type')),
    properties: plain(at(resource, 'Properties') ?? {}),
    deletionPolicy: at(resource, 'DeletionPolicy') ?? null,
  }));
};

const flags = (): Record<string, unknown> =>
  JSON.parse(readFileSync(`${import.meta.dirname}/../../../cdk.json`, 'utf8')).context;

export const ofType = (resources: readonly Resource[], type: string): readonly Resource[] =>
  resources.filter((one) => one.type === type);

/** The one resource of a type whose logical id fits. */
export const one = (resources: readonly Resource[], type: string, id = /./): Resource => {
  const [found, ...others] = ofType(resources, type).filter((resource) => id.test(resource.id));
  if (!found || others.length > 0)
    throw new Error(`wanted one ${type} like ${id}, found ${others.length + (found ? 1 : 0)}`);
  return found;
};

/**
 * A policy as one line for each effect, action, resource and condition: the form in which two
 * policies can be compared.
 */
export const lines = (statements: readonly Json[]): string[] =>
  statements
    .flatMap((statement) =>
      listAt(statement, 'Action').flatMap((action) =>
        listAt(statement, 'Resource').map((resource) =>
          [
            at(statement, 'Effect'),
            action,
            resource,
            ...listAt(statement, 'Condition').map((condition) => JSON.stringify(condition)),
          ].join(' '),
        ),
      ),
    )
    .sort();

/** Everything a role may and may not do: its inline policies and those attached beside it. */
export const permissionsOf = (resources: readonly Resource[], roleId: string): string[] => {
  const role = one(resources, 'AWS::IAM::Role', new RegExp(`^${roleId}$`));
  const beside = ofType(resources, 'AWS::IAM::Policy').filter(({ properties }) =>
    listAt(properties, 'Roles').includes(`<${roleId}>`),
  );
  return lines([
    ...listAt(role.properties, 'Policies').flatMap((policy) =>
      listAt(policy, 'PolicyDocument', 'Statement'),
    ),
    ...beside.flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement')),
  ]);
};
