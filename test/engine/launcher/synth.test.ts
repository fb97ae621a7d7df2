import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, OPTIONS_FILE, SYNTH_INPUTS } from '../../../local/engine/fingerprint.ts';
import { synth } from '../../../local/engine/synth.ts';
import { temp } from '../../support/temp.ts';
import { repository } from './checkout.ts';

let root: string;
const write = (name: string, text: string): void => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), text);
};
beforeEach(() => {
  root = temp('synth');
  write(
    'infra/app.ts',
    `import { appendFileSync, writeFileSync } from 'node:fs';
    appendFileSync('count', '.');
    writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', process.env.CDK_CONTEXT_JSON ?? '');`,
  );
  write('cdk.json', '{"context":{"@aws-cdk/a:flag":true}}');
});

describe('the key of a synthesis', () => {
  it('changes with content, name and place of what goes in, and with nothing else', () => {
    const keys = [fingerprint(root)];
    write('infra/note.md', 'a');
    keys.push(fingerprint(root));
    write('infra/note.md', 'b');
    keys.push(fingerprint(root));
    write('responders/note.md', 'b');
    keys.push(fingerprint(root));
    expect(new Set(keys).size).toBe(4);

    write('cli/other.ts', 'b');
    write('infra/node_modules/x.js', 'b');
    expect(fingerprint(root)).toBe(keys.at(-1));
  });

  it('covers every folder of ours that the app reads', () => {
    const app =
      readFileSync(join(repository, 'infra/bundle.ts'), 'utf8') +
      readFileSync(join(repository, 'infra/app.ts'), 'utf8');
    const named = [
      ...app.matchAll(
        /(?:'|`|\.\.\/)((?:responders|state-machines|report-templates|protected-app|game-day|cordon\.config)[\w/.-]*)/g,
      ),
    ].map(([, path]) => path ?? '');

    const inputs = [...SYNTH_INPUTS, OPTIONS_FILE];
    expect(named.filter((path) => !inputs.some((input) => path.startsWith(input)))).toEqual([]);
  });
});

describe('synth', () => {
  it('runs the app once for the same input, with the flags of cdk.json, also for several at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => synth({ root, env: process.env })));

    expect(all.map(({ made }) => made).sort()).toEqual([false, false, true]);
    expect(readFileSync(join(root, 'count'), 'utf8')).toBe('.');
    expect(
      JSON.parse(readFileSync(join(all[0]?.assembly ?? '', 'manifest.json'), 'utf8')),
    ).toMatchObject({ '@aws-cdk/a:flag': true });
  });

  it('takes the code from the project, and leaves everything in the folder of the person', async () => {
    const [project, person] = [root, temp('person')];
    const options = { root: person, project, env: process.env };
    const { assembly } = await synth(options);

    expect(assembly).toBe(join(person, '.cordon/synth', basename(assembly)));
    expect(readdirSync(project).sort()).toEqual(['cdk.json', 'infra']);
    expect((await synth(options)).made).toBe(false);
    writeFileSync(join(person, OPTIONS_FILE), '{}');
    expect((await synth(options)).made).toBe(true);
  });

  it('leaves nothing in the home of the person', async () => {
    write(
      'infra/app.ts',
      `import { mkdirSync, writeFileSync } from 'node:fs';
      import { homedir } from 'node:os';
      mkdirSync(homedir() + '/.cdk/cache', { recursive: true });
      writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', '{}');`,
    );
    const HOME = temp('home');
    await synth({ root, env: { ...process.env, HOME } });

    expect(readdirSync(HOME)).toEqual([]);
    expect(existsSync(join(root, '.cordon/cdk/.cdk/cache'))).toBe(true);
  });

  it('keeps one assembly for each choice of systems, in whatever order they are named', async () => {
    const made: boolean[] = [];
    for (const systems of [[], ['audit', 'orders'], ['orders', 'audit'], ['audit'], []])
      made.push((await synth({ root, env: process.env, systems })).made);

    expect(made).toEqual([true, true, false, true, false]);
    const { assembly } = await synth({ root, env: process.env, systems: ['orders', 'audit'] });
    expect(JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'))).toMatchObject({
      'cordon:with': 'audit,orders',
    });
  });

  it('says what the app said when it fails, and keeps nothing of it', async () => {
    write('infra/app.ts', 'throw new Error("stack X has no name");');

    await expect(synth({ root, env: process.env })).rejects.toThrow(
      /could not be synthesised.*stack X has no name/s,
    );
    expect(readdirSync(join(root, '.cordon/synth'))).toEqual([]);
  });

  it.each([
    ['deleted', (file: string) => rmSync(file)],
    ['cut', (file: string) => truncateSync(file, 2)],
    ['changed', (file: string) => writeFileSync(file, '{"other":true}')],
  ])(
    'makes an assembly anew when a file of it was %s, and names the file',
    async (_how, damage) => {
      const { assembly } = await synth({ root, env: process.env });
      const manifest = join(assembly, 'manifest.json');
      const whole = readFileSync(manifest, 'utf8');
      damage(manifest);

      const again = await synth({ root, env: process.env });

      expect(again).toEqual({ assembly, made: true, damaged: ['manifest.json'] });
      expect(readFileSync(manifest, 'utf8')).toBe(whole);
    },
  );

  it('forgets old assemblies', async () => {
    for (const text of 'abcdef') {
      write('infra/note.md', text);
      await synth({ root, env: process.env });
    }

    expect(readdirSync(join(root, '.cordon/synth'))).toHaveLength(4);
    expect(existsSync((await synth({ root, env: process.env })).assembly)).toBe(true);
  });
});
