export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export interface Tag {
  /** Empty for a tag that was open before the text began. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/**
 * Where the page contains the text: between tags, or inside an attribute, whose quote the text may
 * close.
 */
export type HtmlContext = 'text' | 'unquoted' | '"' | "'" | '`';

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
 * Reads attributes until the tag ends, as browsers do: a slash counts as a space, and a quote
 * outside of a value is part of a name.
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
 * The tags that a browser finds in the text in this context. `undefined` if the text does not leave
 * the attribute in which it begins.
 */
export const tagsOf = (text: string, context: HtmlContext): readonly Tag[] | undefined => {
  const tags: Tag[] = [];
  let at = 0;
  if (context !== 'text') {
    const from =
      context === 'unquoted' ? (/[\s>]/.exec(text)?.index ?? -1) : text.indexOf(context) + 1;
    if (context === 'unquoted' ? from < 0 : from === 0) return undefined;
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
    // `<scr<script>`: a browser finds one odd name; a filter that removes tags leaves `<script>`.
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
