import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { type ImagePrograms, imagesOf } from '../../../local/engine/images.ts';

/** A folder from which CDK would build an image; gives the programs of its assembly. */
export const builtImage = (runDir: string): ImagePrograms => {
  const folder = join(runDir, 'image');
  mkdirSync(folder);
  const dockerfile = `FROM node:24
    WORKDIR /app
    COPY . .
    COPY newer.mjs main.mjs
    ENV MODE="report"
    ENTRYPOINT ["node", "main.mjs"]
    CMD ["today"]`;
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const said = `const { argv, env, execPath } = process;
    console.log('built in mode', env.MODE, 'of', argv[2], 'by', execPath);`;
  writeFileSync(join(folder, 'newer.mjs'), said);
  // What was copied later lies at its place.
  writeFileSync(join(folder, 'main.mjs'), "throw new Error('This file is replaced.');");
  const app = new App({ analyticsReporting: false, outdir: join(runDir, 'assembly') });
  new DockerImageAsset(new Stack(app, 'Images'), 'Image', { directory: folder });
  return imagesOf(app.synth().directory, 'Images');
};
