import { decodeEntities } from '../transformations.ts';
import { type Attribute, type Place, type Tag, tagsOf } from './tags.ts';
import { activeElements, addressAttributes, handler, loadingElements } from './words.ts';

/** As a browser reads an address: entities decoded, spaces and control characters left out. */
const address = (value: string): string =>
  decodeEntities(value)
    .replace(/[\p{Cc} ]/gu, '')
    .toLowerCase();

const runs =
  /^(?:(?:java|vb|live)script:|data:(?:text\/(?:html|xml|javascript)|image\/svg\+xml|application\/(?:xhtml\+xml|xml|x-javascript|javascript)|;|,|[^,]*base64))|url=["']?(?:javascript|data):|^(?:feed|view-source|jar|mhtml):javascript/;

const activeStyle =
  /expression\(|javascript:|vbscript:|behaviou?r:|-moz-binding|@import|url\(["']?data:/;

const attribute = ({ name, value }: Attribute): string | undefined => {
  const bare = name.replace(/^["'`]+/, '');
  if (handler.test(bare) && value !== '') return 'event handler';
  if (bare === 'srcdoc' && value !== '') return 'page in an attribute';
  if (addressAttributes.has(bare) && runs.test(address(value))) return 'address that runs';
  if (bare === 'style' && activeStyle.test(address(value).replace(/\/\*.*?\*\/|\\/g, '')))
    return 'style that runs';
  if (bare === 'attributename' && /^(?:href|xlink:href|on\w+)$/.test(address(value)))
    return 'animated attribute';
  return undefined;
};

const element = ({ name, attributes }: Tag): string | undefined => {
  const bare = name.replace(/^\w+:(?=script)/, '').replace(/[^\w!?[:-].*$/s, '');
  if (activeElements.has(bare)) return 'active element';
  if (
    /^!(?:entity|doctype\b|\[cdata\[)/.test(bare) &&
    (attributes.length > 1 || bare.includes('entity'))
  )
    return 'declaration';
  if (bare.startsWith('?import') || bare.startsWith('?xml')) return 'declaration';
  if (
    name.startsWith('!--[if') ||
    (name.startsWith('!--') && attributes.some((one) => one.name.startsWith('[if')))
  )
    return 'conditional comment';
  const needed = Object.hasOwn(loadingElements, bare) ? loadingElements[bare] : undefined;
  return needed && attributes.some((one) => needed.includes(one.name))
    ? 'loading element'
    : undefined;
};

const inTags = (tags: readonly Tag[]): string | undefined => {
  for (const tag of tags) {
    const found = element(tag) ?? tag.attributes.map(attribute).find((one) => one !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
};

const called = String.raw`(?:alert|confirm|prompt|eval|import|fetch|settimeout|setinterval|function|constructor|atob|print|open|require)\s*(?:\(|\x60|\?\.\()`;
const reached = String.raw`(?:document|window|self|top|parent|globalthis|this|location|frames)\s*(?:\.\s*(?:cookie|location|write|writeln|domain|body|href|open|eval|alert|localstorage)|\[)`;

/** Texts that run without a tag, where a page puts them into a script, an address or a template. */
const bare: readonly (readonly [string, RegExp])[] = [
  [
    'address that runs',
    /^\s*(?:java|vb|live)script:(?=[\s\S]*(?:[(\x60=[]|\/[/*]))|^\s*data:text\/html/,
  ],
  [
    'out of a script’s text',
    new RegExp(
      `^[^'"\`]*['"\`\\\\]+\\s*(?:[;,)}\\]+\\-*/|&^?:]|</)[\\s\\S]*?(?:${called}|${reached})`,
    ),
  ],
  [
    'template that runs',
    new RegExp(
      `(?:\\{\\{|\\$\\{|#\\{|<%=?)[^{}<]{0,300}?(?:constructor|${called}|${reached}|\\$eval|\\$on)`,
    ),
  ],
  ['out of a script', /<\/script[\s/>]/],
];

const places: readonly Place[] = ['text', 'unquoted', '"', "'", '`'];

/** A text without any of these runs nothing. */
const suspicious = /[<"'`{]|script:|data:|\bon\w+\s*=/i;

/**
 * Says why a text looks like cross-site scripting, or nothing. An approximation: the text is read
 * as HTML in each place of a page that it may be put into, and whatever runs or loads something
 * there is found. AWS WAF has an engine of its own.
 */
export const crossSiteScripting = (given: string): string | undefined => {
  const text = given.replaceAll('\0', '');
  if (!suspicious.test(text)) return undefined;
  for (const place of places) {
    const found = inTags(tagsOf(text, place) ?? []);
    if (found !== undefined) return found;
  }
  const small = text
    .toLowerCase()
    .replace(/\\u00([\da-f]{2})|\\x([\da-f]{2})/g, (_, one: string, other: string) =>
      String.fromCharCode(Number.parseInt(one ?? other, 16)),
    );
  return bare.find(([, seen]) => seen.test(small))?.[0];
};

export const scripts = (text: string): boolean => crossSiteScripting(text) !== undefined;
