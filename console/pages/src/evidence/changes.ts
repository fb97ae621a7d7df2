import { listAt, textAt, valueAt } from './json.ts';
import { type Answers, settingsReaders } from './settings.ts';

/** An object of evidence that was read and compared with its hash. */
export interface ReadObject {
  readonly path: string;
  /** `before containment` or `after containment`, as the manifest says. */
  readonly taken: string;
  readonly json: unknown;
}

export interface ChangedSetting {
  readonly name: string;
  /** Missing where the before-record does not have it. */
  readonly before: string | undefined;
  /** Missing where it was not collected after the change. */
  readonly after: string | undefined;
}

/** A target of Cordon, as it was before the change and after it. */
export interface TargetChange {
  readonly responder: string;
  readonly target: string;
  /** When the before-record was read, in epoch ms. */
  readonly since: number | undefined;
  readonly settings: readonly ChangedSetting[];
  readonly beforeRecord: unknown;
  /** The answers that were compared, with the paths of their objects. */
  readonly compared: readonly ReadObject[];
}

export const beforePath = 'cordon/before-records.json';
const listingName = /-listing\.json$/;

/** Without the folder that Cordon takes where other bytes lie in its place. */
const usual = (path: string): string => path.replace(/^own-[0-9a-f]{16}\//, '');
const folderOf = (path: string): string => /^suspects\/\d+\//.exec(usual(path))?.[0] ?? '';
const nameOf = (path: string): string => usual(path).slice(folderOf(path).length);

const isIn = (file: string, files: readonly string[]): boolean =>
  files.some((name) => (name.endsWith('/') ? file.startsWith(name) : file === name));
const files = Object.values(settingsReaders).flatMap((reader) => reader.files);

/** Whether before and after are read from it, or what a package holds. */
export const isInside = (path: string): boolean =>
  usual(path) === beforePath || listingName.test(path) || isIn(nameOf(path), files);
export const isListing = ({ path }: Pick<ReadObject, 'path'>): boolean => listingName.test(path);

interface AnswerFolder {
  readonly objects: readonly ReadObject[];
  /** The names in the requests: of the function, its role, or a user. */
  readonly names: ReadonlySet<string>;
}

const foldersOf = (objects: readonly ReadObject[]): readonly AnswerFolder[] =>
  [...Map.groupBy(objects, ({ path }) => folderOf(path)).values()].map((own) => ({
    objects: own,
    names: new Set(
      own.flatMap(({ json }) =>
        ['FunctionName', 'RoleName', 'UserName'].flatMap((member) => {
          const name = textAt(json, `request.${member}`);
          return name === '' ? [] : [`${member}=${name}`];
        }),
      ),
    ),
  }));

/** `orders`, `us-east-1/orders` and `orders-role/orders` are named by their requests so. */
const requested = (about: string, target: string): string => {
  const [first = '', ...rest] = target.split('/');
  return `${about}=${about === 'FunctionName' ? (rest.at(-1) ?? first) : first}`;
};

/** What AWS said after the change; nothing where it is not clear that it is about this target. */
const comparedWith = (
  { responder, target }: { readonly responder: string; readonly target: string },
  folders: readonly AnswerFolder[],
  targets: readonly string[],
): readonly ReadObject[] => {
  const reader = settingsReaders[responder];
  if (reader === undefined) return [];
  const name = requested(reader.about, target);
  // The function of one name in two regions: the answers do not say of which region they are.
  if (targets.filter((other) => requested(reader.about, other) === name).length > 1) return [];
  const folder = folders.find(({ names }) => names.has(name));
  return (folder?.objects ?? []).filter(
    ({ path, taken }) => isIn(nameOf(path), reader.files) && taken !== 'before containment',
  );
};

const gone = 'does not exist any more';

const settingsOf = (
  responder: string,
  {
    target,
    before,
    compared,
  }: { target: string; before: unknown; compared: readonly ReadObject[] },
): readonly ChangedSetting[] => {
  const reader = settingsReaders[responder];
  if (reader === undefined) return [];
  const answers: Answers = new Map(compared.map(({ path, json }) => [nameOf(path), json]));
  const had = reader.before(before, target);
  const isGone = compared.some(({ json }) => textAt(json, 'absent') !== '');
  const seen = compared.length > 0 && !isGone ? reader.after(answers, target) : {};
  const has = isGone ? Object.fromEntries(Object.keys(had).map((name) => [name, gone])) : seen;
  return [...new Set([...Object.keys(had), ...Object.keys(has)])].map((name) => ({
    ...{ name, before: had[name], after: has[name] },
  }));
};

/** Each target with its before-record, and what the evidence shows of it after the change. */
export const changesIn = (objects: readonly ReadObject[]): readonly TargetChange[] => {
  const stored = objects.find(({ path }) => usual(path) === beforePath);
  const folders = foldersOf(objects);
  const records = listAt({ records: stored?.json }, 'records').map((record) => ({
    ...{ responder: textAt(record, 'responder'), target: textAt(record, 'target') },
    ...{ before: valueAt(record, 'before'), since: valueAt(record, 'since') },
  }));
  return records.map(({ responder, target, before, since }) => {
    const targets = records.filter((own) => own.responder === responder).map((own) => own.target);
    const compared = comparedWith({ responder, target }, folders, targets);
    return {
      ...{ responder, target, compared, beforeRecord: before },
      since: typeof since === 'number' ? since : undefined,
      settings: settingsOf(responder, { target, before, compared }),
    };
  });
};
