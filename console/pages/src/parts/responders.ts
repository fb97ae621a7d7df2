import known from '../responders.json' with { type: 'json' };

export interface ResponderWords {
  readonly title: string;
  readonly stops: string;
  readonly leavesOpen: string;
}

const byId = new Map<string, ResponderWords>(Object.entries(known));
const byTitle = new Map([...byId.values()].map((words) => [words.title, words]));

/** What a change is called; an older deployment may know others than these pages. */
export const responderWords = (id: string): ResponderWords =>
  byId.get(id) ?? { title: id, stops: '', leavesOpen: '' };

export const leftOpenBy = (title: string): string => byTitle.get(title)?.leavesOpen ?? '';
