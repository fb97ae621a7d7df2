/** The text with the first place of `before` changed; an anchor that is gone stops the check. */
export const replaced = (text: string, before: string, after: string): string => {
  if (!text.includes(before)) throw new Error(`the anchor ${JSON.stringify(before)} is gone`);
  return text.replace(before, () => after);
};

/** A new file made from an existing one by renaming. */
export const copied =
  (names: Readonly<Record<string, string>>) =>
  (text: string): string =>
    Object.entries(names).reduce((copy, [before, after]) => copy.replaceAll(before, after), text);

/** An import and an entry at the end of the only list of a file. */
export const listed =
  (name: string, file: string) =>
  (text: string): string =>
    replaced(
      `import { ${name} } from '${file}';\n${text}`.replace(
        /\n\];\n(?=\s*$)/,
        `\n  ${name},\n];\n`,
      ),
      `  ${name},\n`,
      `  ${name},\n`,
    );
