// Makes `dist`, the code of the package: Node.js strips no types below node_modules. The tree stays
// as it is in the checkout, so that every path between two files is right in both.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { builtSite } from '../pages/build.ts';
import { sites } from '../pages/sites.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

const rooms = [
  ...['cli', 'console', 'game-day', 'infra', 'local', 'operator', 'protected-app'],
  ...['report-templates', 'responders', 'state-machines'],
];
/** What a run leaves, what only people or tools read, and what starts the code of the package. */
const leftFolders = /(^|\/)(__pycache__|node_modules)$|^(protected-app|console)\/pages/;
const leftFiles = /(^|\/)(cordon|own-node)\.mjs$|\.(d\.ts|d\.mts|md|hbs)$/;
const compilerOptions = {
  module: ModuleKind.ESNext,
  target: ScriptTarget.ES2024,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/** The code of a file, with `.js` where it imports a `.ts`. */
const javaScriptOf = (file: string): string =>
  transpileModule(readFileSync(join(root, file), 'utf8'), { fileName: file, compilerOptions })
    .outputText;

rmSync(dist, { recursive: true, force: true });
const files = globSync(`{${rooms.join(',')}}/**/*.*`, {
  cwd: root,
  exclude: (name) => leftFolders.test(name) || leftFiles.test(name),
});
for (const file of files.filter((name) => name.endsWith('.ts'))) {
  const target = join(dist, file.replace(/ts$/, 'js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, javaScriptOf(file));
}
// The pages of the sites are built already: whoever installs the package has no compiler of them.
for (const site of sites)
  cpSync(await builtSite(site, { root, env: process.env }), join(dist, 'sites', site.name), {
    recursive: true,
    filter: (path) => !path.endsWith('.vite'),
  });
// Of package.json the command takes its version, and a synthesis the versions of its packages.
for (const file of ['package.json', 'cdk.json', ...files.filter((name) => !name.endsWith('.ts'))])
  cpSync(join(root, file), join(dist, file));
