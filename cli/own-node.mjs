// Runs the same command line with the Node.js 24 that npm has installed beside Cordon: an older one
// is on the PATH, as after `npm install --global`.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

const fail = () => {
  process.stderr.write(
    `cordon: Node.js ${process.versions.node} is too old, and the Node.js 24 that npm installs ` +
      'with Cordon is missing, because npm ran no install scripts: install again with ' +
      '--allow-scripts=node, or install Node.js 24\n',
  );
  process.exit(1);
};

/** Where the install script of the package `node` puts its program. */
const ownNode = () => {
  try {
    return join(createRequire(import.meta.url).resolve('node/package.json'), '../bin/node');
  } catch {
    return fail();
  }
};

// The channel tells the command that this process is gone, also where it was killed.
const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
const child = spawn(ownNode(), process.argv.slice(1), { stdio });
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
child.on('error', fail);
child.on('exit', (code, name) => process.exit(code ?? 128 + constants.signals[name]));
