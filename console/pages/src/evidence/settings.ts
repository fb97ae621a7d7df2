import { entriesAt, listAt, textAt, valueAt } from './json.ts';

/** What a target is set to: name of the setting → how it is set. */
type Settings = Readonly<Record<string, string>>;

/** The answers of AWS in a folder of evidence, by the usual names of their files. */
export type Answers = ReadonlyMap<string, unknown>;

/** How the settings that a responder changes are read, before and after the change. */
interface SettingsReader {
  /** Whose the answers must be: the member of a request that names it. */
  readonly about: 'FunctionName' | 'RoleName' | 'UserName';
  /** The files of which the answers are read; `user/attached/` stands for all below it. */
  readonly files: readonly string[];
  /** From the before-record. */
  readonly before: (before: unknown, target: string) => Settings;
  /** From what was collected after the change. */
  readonly after: (answers: Answers, target: string) => Settings;
}

const fromList = (
  list: readonly unknown[],
  settingOf: (member: unknown) => readonly [string, string],
): Settings => Object.fromEntries(list.map(settingOf));

const denies = 'Cordon’s deny policy';
const attached = (is: boolean): string => (is ? 'attached' : 'not attached');

/** The deny of a whole role, as infra/shared/names.ts names it; the other is of single sessions. */
const isOfWholeRole = (arn: string): boolean =>
  arn.includes(':policy/') && /QuarantineRole/.test(arn);

/** What an answer shows; nothing where it was not collected. */
const fromAnswer = (
  answers: Answers,
  file: string,
  settingsIn: (answer: unknown) => Settings,
): Settings => (answers.has(file) ? settingsIn(answers.get(file)) : {});

/** Policies that the evidence marks as Cordon’s. */
const ownPolicies = (answer: unknown): readonly string[] =>
  listAt(answer, 'answer.items').flatMap((policy) =>
    valueAt(policy, 'ours') === true ? [textAt(policy, 'PolicyArn')] : [],
  );

const nameIn = (target: string): string => target.slice(target.lastIndexOf('/') + 1);

/** Of a single session of a role: the policy, and a tag of the role that names the session. */
const slot: SettingsReader = {
  about: 'RoleName',
  files: ['role/attached.json', 'role/tags.json'],
  before: (before, target) => ({
    [denies]: attached(
      valueAt(before, 'keepPolicy') === true || valueAt(before, 'alreadyTagged') === true,
    ),
    [`Tag that names ${nameIn(target)}`]:
      valueAt(before, 'alreadyTagged') === true ? 'set' : 'none',
  }),
  after: (answers, target) => ({
    ...fromAnswer(answers, 'role/attached.json', (answer) => ({
      [denies]: attached(ownPolicies(answer).some((arn) => !isOfWholeRole(arn))),
    })),
    ...fromAnswer(answers, 'role/tags.json', (answer) => ({
      [`Tag that names ${nameIn(target)}`]: listAt(answer, 'answer.items').some(
        (tag) =>
          textAt(tag, 'Key').startsWith('cordon-quarantined-') &&
          textAt(tag, 'Value') === nameIn(target),
      )
        ? 'set'
        : 'none',
    })),
  }),
};

const urlOf = (qualifier: string): string =>
  qualifier === '' ? 'URL of the function' : `URL of ${qualifier}`;
const everybody = 'open to everybody';
const reserved = 'Reserved concurrency';
const concurrency = (count: unknown): string => (typeof count === 'number' ? `${count}` : 'none');
const isOff = (state: string): boolean => state === 'Disabled' || state === 'Disabling';

/** By the id of the responder; a change of another version is shown as JSON only. */
export const settingsReaders: Readonly<Record<string, SettingsReader>> = {
  'contain.quarantine-role': {
    about: 'RoleName',
    files: ['role/attached.json'],
    before: (before) => ({ [denies]: attached(valueAt(before, 'alreadyAttached') === true) }),
    after: (answers) => ({
      [denies]: attached(ownPolicies(answers.get('role/attached.json')).some(isOfWholeRole)),
    }),
  },
  'contain.quarantine-function': slot,
  'contain.quarantine-session': slot,
  'contain.deny-user': {
    about: 'UserName',
    files: ['user/attached/'],
    before: (before) => ({ [denies]: attached(valueAt(before, 'alreadyAttached') === true) }),
    after: (answers) => ({
      [denies]: attached(
        [...answers].some(
          ([file, answer]) => file.startsWith('user/attached/') && textAt(answer, 'ours') !== '',
        ),
      ),
    }),
  },
  'contain.deactivate-access-keys': {
    about: 'UserName',
    files: ['user/access-keys.json'],
    before: (before) =>
      fromList(listAt(before, 'keys'), (key) => [
        `Access key ${textAt(key, 'id')}`,
        valueAt(key, 'active') === true ? 'active' : 'inactive',
      ]),
    after: (answers) =>
      fromList(listAt(answers.get('user/access-keys.json'), 'answer.keys'), (key) => [
        `Access key ${textAt(key, 'AccessKeyId')}`,
        textAt(key, 'Status') === 'Inactive' ? 'inactive' : 'active',
      ]),
  },
  'contain.pause-function': {
    about: 'FunctionName',
    files: ['function/concurrency.json'],
    before: (before) => ({
      [reserved]: concurrency(valueAt(before, 'reserved')),
      ...Object.fromEntries(
        entriesAt(before, 'provisioned').map(([qualifier, count]) => [
          `Provisioned concurrency of ${qualifier}`,
          concurrency(count),
        ]),
      ),
    }),
    after: (answers) => ({
      [reserved]: concurrency(
        valueAt(answers.get('function/concurrency.json'), 'answer.ReservedConcurrentExecutions'),
      ),
    }),
  },
  'contain.pause-event-sources': {
    about: 'FunctionName',
    files: ['function/event-sources.json'],
    before: (before) =>
      fromList(listAt(before, 'mappings'), (mapping) => [
        `Event source ${textAt(mapping, 'uuid')}`,
        valueAt(mapping, 'enabled') === true ? 'delivers' : 'off',
      ]),
    after: (answers) =>
      fromList(listAt(answers.get('function/event-sources.json'), 'answer.items'), (mapping) => [
        `Event source ${textAt(mapping, 'UUID')}`,
        isOff(textAt(mapping, 'State')) ? 'off' : 'delivers',
      ]),
  },
  'contain.close-function-url': {
    about: 'FunctionName',
    files: ['function/urls.json'],
    before: (before) =>
      fromList(listAt(before, 'open'), (url) => [urlOf(textAt(url, 'qualifier')), everybody]),
    after: (answers) =>
      fromList(listAt(answers.get('function/urls.json'), 'answer.items'), (url) => [
        urlOf(textAt(url, 'FunctionArn').split(':')[7] ?? ''),
        textAt(url, 'AuthType') === 'NONE' ? everybody : 'AWS credentials only',
      ]),
  },
};
