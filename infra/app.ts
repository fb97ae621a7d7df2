import { join, resolve } from 'node:path';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { CordonProtectedApp } from './app/stack.ts';
import { bundle } from './bundle.ts';
import { optionsIn, parseConfig } from './config.ts';
import { CordonDrillTarget } from './drill-target/stack.ts';
import { CordonResponse } from './response/stack.ts';

const app = new App({ analyticsReporting: false });
const config = parseConfig(
  app.node.tryGetContext('cordon') ?? optionsIn(resolve('cordon.config.json')),
);

const { outdir } = bundle();
// The source maps stay here, `.cordon/dist/<name>/index.mjs.map`: a stack trace is read with them.
const code = (entry: string): Code => Code.fromAsset(join(outdir, entry), { exclude: ['*.map'] });

const response = new CordonResponse(app, 'CordonResponse', { config, code });
if (config.drillTarget)
  new CordonDrillTarget(app, 'CordonDrillTarget', { config, code }).addStackDependency(response);
if (config.protectedApp) new CordonProtectedApp(app, 'CordonProtectedApp', { config, code });

for (const [key, value] of Object.entries(config.tags)) Tags.of(app).add(key, value);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
