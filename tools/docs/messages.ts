import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { eachNode, textOf, wordingsOf } from './texts.ts';

/** An error that a command ends with. */
interface Message {
  readonly text: string;
  readonly code: string;
}

const codeOf = (options: ts.Expression | undefined): string =>
  options && /\bcode: (\d)/.exec(options.getText())?.[1] ? '2' : '1';

const messagesIn = (file: string): readonly Message[] => {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const messages: Message[] = [];
  eachNode(source, (node) => {
    if (!ts.isNewExpression(node) || node.expression.getText() !== 'CordonError') return false;
    const [text, options] = node.arguments ?? [];
    const code = codeOf(options);
    if (text)
      messages.push(...wordingsOf(textOf(text)).map((sentence) => ({ text: sentence, code })));
    return false;
  });
  return messages;
};

/** One line, and only messages that say something of their own. */
const isSaid = ({ text }: Message): boolean => text.replaceAll(/<[^>]*>/g, '').trim().length > 12;

/** Placeholders come first, so that they do not decide the order. */
const orderOf = (text: string): string => text.replaceAll(/<[^>]*>|[^a-z ]/gi, '').trim();

const row = ({ text, code }: Message): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  const [, what = line, fix = ''] = /^(.*?[^<\d ]): (.+)$/.exec(line) ?? [];
  return `| \`${what}\` | ${fix ? `\`${fix}\`` : ''} | ${code} |`;
};

/** What commands end with when something is wrong: what happened, what to do, the exit code. */
export const messageTable = (rooms: readonly string[]): string => {
  const messages = rooms
    .flatMap((room) => globSync(`${room}/**/*.ts`).sort())
    .flatMap(messagesIn)
    .filter(isSaid)
    .sort((left, right) => orderOf(left.text).localeCompare(orderOf(right.text), 'en'));
  return [
    '| The command says | and what to do | Code |',
    '|---|---|---|',
    ...new Set(messages.map(row)),
  ].join('\n');
};
