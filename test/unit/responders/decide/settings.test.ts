import { expect, it } from 'vitest';
import { wantedSettings } from '../../../../responders/decide/settings.ts';
import { someSettings } from '../../../support/fakes/deps.ts';

const read = (settings: unknown) =>
  wantedSettings({ CORDON_SETTINGS: settings }, 'CORDON_SETTINGS');

it('reads the settings that infra writes, and nothing else', () => {
  const settings = someSettings({ neverContain: [{ arn: 'arn:aws:*', because: 'a test' }] });

  expect(read({ ...settings, unknown: true })).toEqual(settings);
});

it.each([
  [
    { breaker: { limit: '10', limitOfType: 5, minutes: 60 } },
    'breaker.limit: wanted a number, got "10"',
  ],
  [{ onTimeout: 'panic' }, 'onTimeout: wanted one of contain, leave, got "panic"'],
  [
    { observe: { everything: 'no', types: [], tags: [] } },
    'observe.everything: wanted true or false, got "no"',
  ],
  [{ neverContain: {} }, 'neverContain: wanted a list, got {}'],
  [
    { neverContain: [{ arn: 'arn:aws:*' }] },
    'neverContain.0: wanted an ARN, a tag or an account, and a reason, got {"arn":"arn:aws:*"}',
  ],
  [{ twoPersons: 'always' }, 'twoPersons: wanted one of critical, never, got "always"'],
  [
    { consoleOrigin: 'http://cordon.example.org' },
    'consoleOrigin: wanted the origin of the console, with https, or an empty text, got "http://cordon.example.org"',
  ],
  [
    { consoleOrigin: 'https://cordon.example.org/\nhttps://evil.example' },
    'consoleOrigin: wanted the origin of the console, with https, or an empty text, got "https://cordon.example.org/\\nhttps://evil.example"',
  ],
  [{ salt: undefined }, 'salt: wanted text, got nothing'],
])('names the field that is wrong: %j', (change, message) => {
  expect(() => read({ ...someSettings(), ...change })).toThrow(`CORDON_SETTINGS.${message}`);
});
