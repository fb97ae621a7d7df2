// Runs a program in a real terminal of a given width. Python makes the terminal, because Node.js
// cannot, and a local run needs Python anyway.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { findPython } from '../../../local/engine/python.ts';

const program = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
while True:
    try:
        sent = os.read(terminal, 65536)
    except OSError:
        break
    if not sent:
        break
    os.write(1, sent)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** The terminal gets its width after the program has been started, so a shell waits for it. */
const waiting = 'until [ "$(stty size | cut -d" " -f2)" = "$0" ]; do :; done; exec "$@"';

export interface Shown {
  readonly code: number;
  /** What the terminal was sent, with colours. */
  readonly sent: string;
  /** The lines that a person sees. */
  readonly lines: readonly string[];
}

interface TerminalOptions {
  readonly columns: number;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Cursor to the first column, and the line is erased: npm takes its spinner away like that. */
const erased = '\u001b[1G\u001b[0K';

const seen = (line: string): string =>
  stripVTControlCharacters(line.split(erased).at(-1) ?? '').trimEnd();

export const inTerminal = async (
  words: readonly string[],
  { columns, cwd, env }: TerminalOptions,
): Promise<Shown> => {
  const { path } = await findPython({ env: process.env });
  const width = String(columns);
  const child = spawn(path, ['-c', program, width, 'sh', '-c', waiting, width, ...words], {
    cwd,
    env: { TERM: 'xterm-256color', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [sent, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const lines = sent.trimEnd().replaceAll('\r\n', '\n').split('\n').map(seen);
  while (lines.at(-1) === '') lines.pop();
  return { code: Number(code), sent, lines };
};
