import { describe, expect, it } from 'vitest';
import { createOutput, printError, table } from '../../../cli/output.ts';
import { CordonError } from '../../../operator/errors.ts';

const listen = (interactive = false) => {
  const said = { stdout: '', stderr: '' };
  const streams = {
    stdout: (text: string) => void Object.assign(said, { stdout: said.stdout + text }),
    stderr: (text: string) => void Object.assign(said, { stderr: said.stderr + text }),
    interactive,
  };
  return { said, streams };
};
const ENOSPC = Object.assign(new Error('ENOSPC: no space left on device, mkdir'), {
  path: '/x/.cordon/run-1',
});

describe('output', () => {
  it('is one document on stdout with --json, whatever else is said', () => {
    const { said, streams } = listen();
    const out = createOutput(streams, true);

    for (const text of ['a', 'b']) out.line(text);
    out.done('started');
    out.document<{ ok: boolean }>({ ok: true });
    out.document<{ ok: boolean }>({ ok: false });

    expect(said).toEqual({ stdout: '{\n  "ok": true\n}\n', stderr: '✔ started\n' });
  });

  it('shows the code of what could move the cursor or turn the text around, wherever it is printed', () => {
    const { said, streams } = listen();
    const out = createOutput(streams, false);
    const evil = 'red \u001b[31m, \u202eback, \r again’ →\nnext';
    const inert = 'red \\u{1b}[31m, \\u{202e}back, \\u{d} again’ →\nnext';

    for (const say of [out.line, out.note, out.done]) say(evil);
    printError(new Error(evil), out, { streams, root: '/x', debug: false });

    expect(said).toEqual({
      stdout: `${inert}\n`,
      stderr: `  ${inert}\n✔ ${inert}\ncordon: ${inert}\n`,
    });
  });

  it('is lines for people without --json, with colours only for eyes', () => {
    const { said, streams } = listen(true);
    const out = createOutput(streams, false);

    out.line(
      table([
        ['a', '1'],
        ['long', '2'],
      ]),
    );
    out.document<{ ok: boolean }>({ ok: true });
    out.done('started');

    expect(said).toEqual({
      stdout: '  a     1\n  long  2\n',
      stderr: '\u001b[32m✔\u001b[0m started\n',
    });
  });

  it.each([
    ['our own error', new CordonError('do this', { code: 3 }), 3, 'cordon: do this\n'],
    [
      'a full disk',
      ENOSPC,
      1,
      /^cordon: no space left on the disk that holds \/x\/\.cordon\/run-1: free some space there.*\n$/,
    ],
    [
      'a folder we may not write',
      Object.assign(new Error('EACCES: permission denied'), { path: '/x' }),
      1,
      /^cordon: \/x cannot be written: give this user/,
    ],
    ['anything else', new Error('unforeseen'), 1, 'cordon: unforeseen\n'],
  ])('says %s in one sentence', (_, error, code, sentence) => {
    const { said, streams } = listen();

    expect(
      printError(error, createOutput(streams, false), { streams, root: '/x', debug: false }),
    ).toBe(code);
    expect(said.stdout).toBe('');
    expect(said.stderr).toMatch(sentence);
  });

  it('shows where an error came from only when asked', () => {
    const { said, streams } = listen();

    printError(new Error('unforeseen'), createOutput(streams, false), {
      streams,
      root: '/x',
      debug: true,
    });

    expect(said.stderr).toMatch(/unforeseen\n\s+at /);
  });
});
