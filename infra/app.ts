import { join, resolve } from 'node:path';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { CordonProtectedApp } from './app/stack.ts';
import { bundle } from './bundle.ts';
import { chosenSystems } from './chosen-systems.ts';
import { optionsIn, parseConfig } from './config.ts';
import { CordonConsole } from './console/stack.ts';
import { CordonDrillTarget } from './drill-target/stack.ts';
import { CordonForward } from './forward/stack.ts';
import { requirePrincipals } from './principals.ts';
import { forwardingRegions } from './regions.ts';
import { CordonResponse } from './response/stack.ts';
import { addSite } from './sites.ts';

const app = new App({ analyticsReporting: false });
const given = parseConfig(
  app.node.tryGetContext('cordon') ?? optionsIn(resolve('cordon.config.json')),
);
// A local run has no other person than the root user of its engine.
if (app.node.tryGetContext('cordon:local') === undefined) requirePrincipals(given);

// What the command line of a local run chooses besides, such as "audit,orders".
const alsoChosen = String(app.node.tryGetContext('cordon:with') ?? '')
  .split(',')
  .filter(Boolean);
const chosen = chosenSystems([...given.systems, ...alsoChosen]);
// The other stacks read here which systems stand beside them.
const config = { ...given, systems: chosen.map(({ name }) => name) };
const parts = await Promise.all(chosen.map(({ load }) => load()));
const { outdir } = bundle({ more: parts.map(({ entries }) => entries) });
// The source maps stay here, `.cordon/dist/<name>/index.mjs.map`: a stack trace is read with them.
const code = (entry: string): Code => Code.fromAsset(join(outdir, entry), { exclude: ['*.map'] });

const response = new CordonResponse(app, 'CordonResponse', { config, code });
for (const { region, home } of forwardingRegions(config, process.env.CDK_DEFAULT_REGION))
  new CordonForward(app, `CordonForward-${region}`, {
    config,
    home,
    env: { region },
  }).addStackDependency(response);
if (config.drillTarget)
  new CordonDrillTarget(app, 'CordonDrillTarget', { config, code }).addStackDependency(response);
if (response.console)
  new CordonConsole(app, 'CordonConsole', {
    config,
    code,
    resources: response.console,
    site: addSite('console', join(outdir, 'console-pages-upload')),
  }).addStackDependency(response);
if (config.protectedApp) {
  const site = addSite('shop', join(outdir, 'app-pages-upload'));
  new CordonProtectedApp(app, 'CordonProtectedApp', { config, code, site });
}
const site = (name: string): string => addSite(name, join(outdir, `${name}-pages-upload`));
for (const { addTo } of parts) addTo(app, { config, code, site });

for (const [key, value] of Object.entries(config.tags)) Tags.of(app).add(key, value);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
