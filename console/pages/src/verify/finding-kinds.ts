import type { Finding } from './check.ts';

/** What kind of problem a finding is, in a word or two for people who look for one. */
export const findingKind = ({ object, reason }: Finding): string => {
  const kinds = [
    [/^is missing/, 'Missing'],
    [/^was swapped/, 'Swapped version'],
    [/^was changed|^does not describe/, 'Changed'],
    [/^was replaced|another key|^is not the key/, 'Foreign key'],
    [/not list/, 'Extra'],
    [/^cannot be read/, 'Unreadable'],
    [/^is that of/, 'Other incident'],
  ] as const;
  if (object.endsWith('.sig') && reason.startsWith('is not valid')) return 'Signature';
  return kinds.find(([words]) => words.test(reason))?.[1] ?? 'Wrong';
};
