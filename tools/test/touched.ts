import { rooms } from './rooms.ts';

const isUnder = (file: string, folder: string): boolean =>
  file === folder || file.startsWith(`${folder}/`);

/** The room of a file: the longest path that it begins with. */
export const roomOf = (file: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => isUnder(file, room))
    .sort((a, b) => b.length - a.length)[0];

/** A correction of the engine, and a file of engine tests, have a test of the same name. */
const nameOf = (file: string): string =>
  (file.split('/').at(-1) ?? '').replace(/(\.test)?\.\w+$/, '').replaceAll('_', '-');

/** The engine tests that a changed file touches, those first that say most about it. */
export const touchedBy = (changed: string, tests: readonly string[]): readonly string[] => {
  if (tests.includes(changed)) return [changed];
  // A helper of engine tests: the files of its folder.
  const folder = changed.slice(0, changed.lastIndexOf('/'));
  if (isUnder(changed, 'test/engine')) return tests.filter((test) => isUnder(test, folder));
  const paths = rooms[roomOf(changed) ?? ''] ?? [];
  const inRoom = paths.flatMap((path) => tests.filter((test) => isUnder(test, path)));
  const ofSameName = inRoom.filter((test) => nameOf(test) === nameOf(changed));
  return [...new Set([...ofSameName, ...inRoom])];
};

export interface TestChoice {
  readonly run: readonly string[];
  /** Touched too, but there is no time for them. */
  readonly leftOut: readonly string[];
}

/** As many of the touched tests as there is time for, one of each changed file after the other. */
export const chosen = (
  changed: readonly string[],
  tests: readonly string[],
  { secondsOf, seconds }: { secondsOf: (test: string) => number; seconds: number },
): TestChoice => {
  const touched = changed.map((file) => touchedBy(file, tests));
  const longest = Math.max(0, ...touched.map(({ length }) => length));
  const inTurn = [
    ...new Set(
      Array.from({ length: longest }, (_, turn) =>
        touched.flatMap((some) => some[turn] ?? []),
      ).flat(),
    ),
  ];
  const run: string[] = [];
  let left = seconds;
  for (const test of inTurn) {
    if (secondsOf(test) > left) continue;
    run.push(test);
    left -= secondsOf(test);
  }
  return { run, leftOut: inTurn.filter((test) => !run.includes(test)) };
};
