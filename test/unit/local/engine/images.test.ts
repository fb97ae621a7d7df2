import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../local/engine/assembly.ts';
import { imagesOf } from '../../../../local/engine/images.ts';
import { at, type Json, listAt } from '../../../support/infra/synthesised.ts';
import { temp } from '../../../support/temp.ts';

/** What CDK makes of a stack with one container, whose image is built from such a Dockerfile. */
const synthesised = (dockerfile: string) => {
  const folder = temp('image');
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  writeFileSync(join(folder, 'main.mjs'), 'console.log(1);');
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'lib/day.mjs'), '');
  const app = new App({ analyticsReporting: false, outdir: temp('assembly') });
  const stack = new Stack(app, 'Reports');
  new FargateTaskDefinition(stack, 'Task').addContainer('report', {
    image: ContainerImage.fromAsset(folder),
  });
  const { directory } = app.synth();
  return { directory, template: Stack.of(stack).resolve(app.synth().stacks[0]?.template) as Json };
};

const inOrder = `
# The image of a report.
FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR /app
COPY . .
COPY lib/day.mjs /days/
ENV MODE=report
USER node
ENTRYPOINT ["node", "main.mjs"]
CMD ["--from", "lib/day.mjs"]
`;

describe('an image that CDK builds from a folder', () => {
  it('is a program of its own files, by the name that the template runs', () => {
    const { directory, template } = synthesised(inOrder);
    const [entry] = Object.entries(imagesOf(directory, 'Reports'));
    const [name, image] = entry ?? ['', undefined];

    const [container] = Object.values(at(template, 'Resources') ?? {}).flatMap((resource: Json) =>
      listAt(resource, 'Properties', 'ContainerDefinitions'),
    );
    const [, tag] = name.split(':');
    expect(tag).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(at(container, 'Image'))).toContain(`:${tag}`);
    expect(name).toMatch(/^000000000000\.dkr\.ecr\.us-east-1\.amazonaws\.com\/cdk-hnb659fds-/);
    const [folder = ''] = image?.folders ?? [];
    expect(image).toEqual({
      command: ['node', 'main.mjs'],
      arguments: ['--from', 'lib/day.mjs'],
      variables: { MODE: 'report' },
      workdir: '/app',
      copies: [
        ['/app', folder],
        ['/days/day.mjs', join(folder, 'lib/day.mjs')],
      ],
      folders: [folder],
    });
    expect(readAssembly(directory).map(({ name: stack }) => stack)).toEqual(['Reports']);
  });

  it.each([
    ['MODE="every day"', { MODE: 'every day' }],
    ["MODE='costs $5'", { MODE: 'costs $5' }],
    ['MODE=""', { MODE: '' }],
    ['MODE=report\nENV MODE=audit', { MODE: 'audit' }],
  ])('has the values of its variables without their quotes: %j', (written, variables) => {
    const { directory } = synthesised(`FROM node:24\nENV ${written}\nCMD ["node", "main.mjs"]`);

    expect(Object.values(imagesOf(directory, 'Reports'))).toMatchObject([{ variables }]);
  });

  it.each([
    ['FROM python:3.12\nCMD ["x"]', '"FROM python:3.12" cannot be followed'],
    ['FROM node:24\nRUN npm ci\nCMD ["x"]', '"RUN npm ci" cannot be followed'],
    ['FROM node:24\nCMD node main.mjs', '"CMD node main.mjs" cannot be followed'],
    ['FROM node:24 AS built\nCMD ["x"]', '"FROM node:24 AS built" cannot be followed'],
    ['FROM node:24\nENV A=$B\nCMD ["x"]', '"ENV A=$B" cannot be followed'],
    ['FROM node:24\nENV A="$B"\nCMD ["x"]', '"ENV A="$B"" cannot be followed'],
    ['FROM node:24\nENV A=1 B=2\nCMD ["x"]', '"ENV A=1 B=2" cannot be followed'],
    ['FROM node:24\nCOPY . .', 'it has neither CMD nor ENTRYPOINT'],
  ])('that needs a container ends in one line: %j', (dockerfile, why) => {
    const { directory } = synthesised(dockerfile);

    expect(() => imagesOf(directory, 'Reports')).toThrow(why);
    expect(() => imagesOf(directory, 'Reports')).toThrow(
      /Dockerfile: .*\. A run on this machine builds no containers: it runs what COPY, ENV and CMD/,
    );
  });

  it('is asked for by no other stack', () => {
    expect(imagesOf(synthesised(inOrder).directory, 'Other')).toEqual({});
  });
});
