export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export interface Tag {
  /** Empty for the rest of a tag that the text only ends. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/**
 * Where the text stands in the page: between tags, or inside an attribute, whose quote it may
 * close.
 */
export type Place = 'text' | 'unquoted' | '"' | "'" | '`';

const blank = /[\s/]/;

const valueAt = (text: string, from: number): { readonly value: string; readonly end: number } => {
  const quote = text[from] ?? '';
  if (quote === '"' || quote === "'" || quote === '`') {
    const close = text.indexOf(quote, from + 1);
    const end = close < 0 ? text.length : close;
    return { value: text.slice(from + 1, end), end: end + 1 };
  }
  const length = /^[^\s>]*/.exec(text.slice(from))?.[0].length ?? 0;
  return { value: text.slice(from, from + length), end: from + length };
};

/**
 * Reads attributes until the tag ends, as browsers do: a slash is a space, a quote in the middle of
 * nowhere belongs to a name.
 */
const attributesAt = (
  text: string,
  from: number,
): { readonly attributes: Attribute[]; readonly end: number } => {
  const attributes: Attribute[] = [];
  let at = from;
  while (at < text.length && text[at] !== '>') {
    if (blank.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const [name = ''] = /^.[^\s/>=]*/s.exec(text.slice(at)) ?? [];
    const [equals = ''] = /^\s*=\s*/.exec(text.slice(at + name.length)) ?? [];
    at += name.length + equals.length;
    const { value, end } = equals === '' ? { value: '', end: at } : valueAt(text, at);
    attributes.push({ name: name.toLowerCase(), value });
    at = end;
  }
  return { attributes, end: at + 1 };
};

/**
 * The tags of a text, as a browser would see them if the text stood in that place. Undefined where
 * it does not get out of the place.
 */
export const tagsOf = (text: string, place: Place): readonly Tag[] | undefined => {
  const tags: Tag[] = [];
  let at = 0;
  if (place !== 'text') {
    const from = place === 'unquoted' ? (/[\s>]/.exec(text)?.index ?? -1) : text.indexOf(place) + 1;
    if (place === 'unquoted' ? from < 0 : from === 0) return undefined;
    const { attributes, end } = attributesAt(text, from);
    tags.push({ name: '', attributes });
    at = end;
  }
  while (at < text.length) {
    const open = text.indexOf('<', at);
    if (open < 0) break;
    const [, name] = /^<\/?([a-z!?][^\s/>]*)/i.exec(text.slice(open, open + 100)) ?? [];
    if (name === undefined) {
      at = open + 1;
      continue;
    }
    // `<scr<script>`: browsers see one odd name, filters that take tags away leave the inner one.
    const inner = name.indexOf('<');
    if (inner > 0) {
      at = text.indexOf('<', open + 1);
      continue;
    }
    const { attributes, end } = attributesAt(text, text.indexOf(name, open) + name.length);
    tags.push({ name: name.toLowerCase(), attributes });
    at = end;
  }
  return tags;
};
