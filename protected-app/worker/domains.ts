import names from './top-level-domains.json' with { type: 'json' };

/** The names of the Public Suffix List, and those that are reserved for special use. */
const topLevelDomains: ReadonlySet<string> = new Set(names);

/** Nobody sees these characters, so they could hide a name from the pattern below. */
const invisible = /\p{Cf}/gu;
/** Browsers take these for dots too. */
const otherDots = /[\u3002\uff0e\uff61]/g;
const address = /(?<![^\s<>()[\]{}"',;:])[^\s<>()[\]{}"',;:]+@[^\s<>()[\]{}"',;:]+/g;
/** Labels of a host name with dots between them. */
const dotted = /(?<![\p{L}\p{N}_-])[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** What people write with a dot and mean otherwise. */
const abbreviations: ReadonlySet<string> = new Set(['Co.KG', 'Dr.med', 'ASP.NET']);

const isTopLevel = (label: string): boolean =>
  label.startsWith('xn--') || topLevelDomains.has(label);

/** `1.In` begins a list; no registry sells names of one or two digits to everybody. */
const isNumbering = (labels: readonly string[]): boolean =>
  labels.length === 2 && /^\d{1,2}$/.test(labels[0] ?? '');

/**
 * The domain names in a text, in lower case. Without a scheme they are no links, but people and
 * their programs open them all the same. Addresses of e-mail are left out.
 */
export const domainsIn = (text: string): readonly string[] => {
  const visible = text.normalize('NFKC').replace(invisible, '').replace(otherDots, '.');
  return (visible.replace(address, ' ').match(dotted) ?? [])
    .filter((candidate) => !abbreviations.has(candidate))
    .map((candidate) => candidate.toLowerCase())
    .filter((candidate) => {
      const labels = candidate.split('.');
      return !isNumbering(labels) && labels.slice(1).some(isTopLevel);
    });
};
