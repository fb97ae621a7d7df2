import { decodeEntities } from '../transformations.ts';
import { type Attribute, type HtmlContext, type Tag, tagsOf } from './tags.ts';
import { activeElements, addressAttributes, handler, loadingElements } from './words.ts';

/** An address as a browser reads it: entities decoded, no spaces or control characters. */
const address = (value: string): string =>
  decodeEntities(value)
    .replace(/[\p{Cc} ]/gu, '')
    .toLowerCase();

/** The types of `data:` addresses that a browser runs or renders. */
const activeData = [
  String.raw`text\/(?:html|xml|javascript)`,
  String.raw`image\/svg\+xml`,
  String.raw`application\/(?:xhtml\+xml|xml|x-javascript|javascript)`,
  '[;,]',
  '[^,]*base64',
].join('|');

const activeAddress = new RegExp(
  [
    '^(?:java|vb|live)script:',
    `^data:(?:${activeData})`,
    `url=["']?(?:javascript|data):`,
    '^(?:feed|view-source|jar|mhtml):javascript',
  ].join('|'),
);

const activeStyle =
  /expression\(|javascript:|vbscript:|behaviou?r:|-moz-binding|@import|url\(["']?data:/;

const attributeReason = ({ name, value }: Attribute): string | undefined => {
  const bare = name.replace(/^["'`]+/, '');
  if (handler.test(bare) && value !== '') return 'event handler';
  if (bare === 'srcdoc' && value !== '') return 'page in an attribute';
  if (addressAttributes.has(bare) && activeAddress.test(address(value))) return 'address that runs';
  if (bare === 'style' && activeStyle.test(address(value).replace(/\/\*.*?\*\/|\\/g, '')))
    return 'style that runs';
  if (bare === 'attributename' && /^(?:href|xlink:href|on\w+)$/.test(address(value)))
    return 'animated attribute';
  return undefined;
};

const elementReason = ({ name, attributes }: Tag): string | undefined => {
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
    (name.startsWith('!--') && attributes.some(({ name }) => name.startsWith('[if')))
  )
    return 'conditional comment';
  const loading = Object.hasOwn(loadingElements, bare) ? loadingElements[bare] : undefined;
  return loading && attributes.some((attribute) => loading.includes(attribute.name))
    ? 'loading element'
    : undefined;
};

const tagsReason = (tags: readonly Tag[]): string | undefined => {
  for (const tag of tags) {
    const reason =
      elementReason(tag) ?? tag.attributes.map(attributeReason).find((why) => why !== undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

const functions =
  'alert|confirm|prompt|eval|import|fetch|settimeout|setinterval|function|constructor|' +
  'atob|print|open|require';
const called = String.raw`(?:${functions})\s*(?:\(|\x60|\?\.\()`;
const objects = 'document|window|self|top|parent|globalthis|this|location|frames';
const properties = 'cookie|location|write|writeln|domain|body|href|open|eval|alert|localstorage';
const reached = String.raw`(?:${objects})\s*(?:\.\s*(?:${properties})|\[)`;

/** Texts that run without a tag when a page puts them into a script, an address or a template. */
const withoutTag: readonly (readonly [string, RegExp])[] = [
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

const contexts: readonly HtmlContext[] = ['text', 'unquoted', '"', "'", '`'];

/** A text that this does not match runs nothing. */
const suspicious = /[<"'`{]|script:|data:|\bon\w+\s*=/i;

/**
 * Says why a text looks like cross-site scripting; `undefined` if it does not. This approximates
 * AWS WAF, whose rules are not public: the text is parsed as HTML in each context in which a page
 * may contain it, and anything that runs or loads something there is a reason.
 */
export const crossSiteScripting = (given: string): string | undefined => {
  const text = given.replaceAll('\0', '');
  if (!suspicious.test(text)) return undefined;
  for (const context of contexts) {
    const reason = tagsReason(tagsOf(text, context) ?? []);
    if (reason !== undefined) return reason;
  }
  const small = text
    .toLowerCase()
    .replace(/\\u00([\da-f]{2})|\\x([\da-f]{2})/g, (_, unicode: string, hex: string) =>
      String.fromCharCode(Number.parseInt(unicode ?? hex, 16)),
    );
  return withoutTag.find(([, pattern]) => pattern.test(small))?.[0];
};

export const isScript = (text: string): boolean => crossSiteScripting(text) !== undefined;
