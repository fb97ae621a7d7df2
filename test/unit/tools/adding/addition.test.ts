// The part of `npm run test:adding` that takes no time: the edits of docs/adding.md still fit the
// files that they change.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { editedFiles } from '../../../../tools/adding/addition.ts';
import { additions } from '../../../../tools/adding/additions.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

const syntaxErrors = (fileName: string, text: string): readonly string[] =>
  (ts.transpileModule(text, { fileName, reportDiagnostics: true }).diagnostics ?? []).map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );

/** The files of this repository that a text imports. */
const importsIn = (file: string, text: string): readonly string[] =>
  ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(file), name));

describe.each(additions.map((addition) => [addition.kind, addition] as const))(
  '%s is added by the edits that docs/adding.md names',
  (_kind, addition) => {
    const edited = editedFiles([addition], read);
    const scripts = [...edited].filter(([file]) => file.endsWith('.ts'));

    it('each of which changes its file, or makes a new one', () => {
      for (const { file, from } of addition.sources) {
        expect(existsSync(file), file).toBe(from === undefined);
        if (from !== undefined)
          expect(edited.get(file), `${file} from ${from}`).not.toBe(read(from));
        else expect(edited.get(file), file).not.toBe(read(file));
      }
    });

    it('and leaves TypeScript that can be read and imports what is there', () => {
      for (const [file, text] of scripts) {
        expect(syntaxErrors(file, text), file).toEqual([]);
        const missing = importsIn(file, text).filter(
          (imported) => !edited.has(imported) && !existsSync(imported),
        );
        expect(missing, file).toEqual([]);
      }
    });

    it('and is proven by tests that there are', () => {
      expect(addition.proof.length).toBeGreaterThan(0);
      expect(addition.proof.filter((file) => !edited.has(file) && !existsSync(file))).toEqual([]);
    });
  },
);

describe('edits', () => {
  it('build on each other, as people would make them', () => {
    const texts = editedFiles(additions, read);
    const catalogue = texts.get('responders/contain/catalogue.ts') ?? '';
    expect(catalogue).toContain('pauseAgain,');
    expect(catalogue).toContain('stopKey,');
  });

  it('are no more than the page promises', () => {
    const [addition] = additions;
    if (!addition) throw new Error('there is no addition');
    const more = { ...addition, most: 2, sources: [...addition.sources, ...addition.sources] };
    expect(() => editedFiles([{ ...more, most: 2 }], read)).toThrow('takes 4 edits, at most 2');
  });

  it('fail where the place that they change is gone', () => {
    const withoutList = (file: string): string =>
      file === 'responders/contain/catalogue.ts' ? 'export const catalog = 1;\n' : read(file);
    expect(() => editedFiles(additions, withoutList)).toThrow('the anchor');
  });
});
