import { entries, field, text, whole } from '../engine/parse.ts';
import { bytesOf, CannotJudge } from './inspected.ts';

type Transform = (value: string) => string;

const fromCode = (code: number): string =>
  code > 0x10ffff ? '\ufffd' : bytesOf(String.fromCodePoint(code));

const namedEntities: Readonly<Record<string, string>> = {
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  nbsp: '\u00a0',
  tab: '\t',
  newline: '\n',
  colon: ':',
  lpar: '(',
  rpar: ')',
  sol: '/',
  equals: '=',
};

const entity = (whole: string, hex?: string, decimal?: string, name?: string): string => {
  if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
  if (decimal !== undefined) return fromCode(Number(decimal));
  return namedEntities[(name ?? '').toLowerCase()] ?? whole;
};

/** Decodes `&lt;`, `&#60;` and `&#x3c;`; browsers accept numbers without the semicolon. */
export const decodeEntities: Transform = (value) =>
  value.replace(/&(?:#x0*([\da-f]{1,6})|#0*(\d{1,7})|(\w{2,7}));?/gi, entity);

const decodeUrl: Transform = (value) =>
  value
    .replaceAll('+', ' ')
    .replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const decodeUrlUni: Transform = (value) =>
  decodeUrl(
    value.replace(/%u([\da-f]{4})/gi, (_, hex: string) => fromCode(Number.parseInt(hex, 16))),
  );

const hexToBytes: Transform = (value) => Buffer.from(value, 'hex').toString('latin1');

/**
 * The text transformations that this edge implements. A rule that uses another one is not judged.
 */
const transforms: Readonly<Record<string, Transform>> = {
  NONE: (value) => value,
  LOWERCASE: (value) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  URL_DECODE: decodeUrl,
  URL_DECODE_UNI: decodeUrlUni,
  HTML_ENTITY_DECODE: decodeEntities,
  COMPRESS_WHITE_SPACE: (value) => value.replace(/[\f\t\n\r\v\u00a0]/g, ' ').replace(/ {2,}/g, ' '),
  REMOVE_NULLS: (value) => value.replaceAll('\0', ''),
  REPLACE_NULLS: (value) => value.replaceAll('\0', ' '),
  REPLACE_COMMENTS: (value) => value.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' '),
  BASE64_DECODE: (value) => Buffer.from(value, 'base64').toString('latin1'),
  HEX_DECODE: hexToBytes,
  SQL_HEX_DECODE: (value) =>
    value.replace(/0x((?:[\da-f]{2})+)/gi, (_, hex: string) => hexToBytes(hex)),
  CMD_LINE: (value) =>
    value
      .replace(/[\\"'^]/g, '')
      .replace(/[,;]/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/ ([/(])/g, '$1')
      .toLowerCase(),
};

/** Combines the transformations of a statement into one, in the order of their priorities. */
export const readTransformations = (statement: unknown): Transform => {
  const steps = entries(field(statement, 'TextTransformations'))
    .map(([, transformation]) => ({
      priority: whole(transformation, 'Priority') ?? 0,
      type: text(transformation, 'Type', 'TextTransformations'),
    }))
    .sort((left, right) => left.priority - right.priority)
    .map(({ type }) => {
      const transform = transforms[type];
      if (!transform) throw new CannotJudge(`the text transformation ${type}`);
      return transform;
    });
  return (value) => steps.reduce((text, step) => step(text), value);
};
