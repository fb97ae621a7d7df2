// The text of a PDF as Chromium writes it: every font says what its glyphs mean.
import { inflateSync } from 'node:zlib';

interface PdfObject {
  readonly id: string;
  /** The object without its stream. */
  readonly head: string;
  readonly stream: string;
}

const streamIn = (bytes: Buffer, begin: number, head: string): string => {
  const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
  const stream = bytes.subarray(begin, begin + length);
  return (head.includes('/FlateDecode') ? inflateSync(stream) : stream).toString('latin1');
};

const objectsIn = (bytes: Buffer): readonly PdfObject[] =>
  [
    ...bytes.toString('latin1').matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)(stream\r?\n|endobj)/g),
  ].map(({ 0: whole, 1: id = '', 2: head = '', 3: end = '', index }) => ({
    ...{ id, head },
    stream: end === 'endobj' ? '' : streamIn(bytes, index + whole.length, head),
  }));

const textOf = (hex: string): string =>
  String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));

/** What each glyph of a font means, by the four hexadecimal digits of its number. */
const meaningsIn = (cmap: string): ReadonlyMap<string, string> => {
  const meanings = new Map<string, string>();
  for (const [, block = ''] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph = '', hex = ''] of block.matchAll(/<(\w+)> <(\w+)>/g))
      meanings.set(glyph.toUpperCase(), textOf(hex));
  for (const [, block = ''] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from = '', to = '', hex = ''] of block.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g)) {
      const [first, last] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
      for (let glyph = first; glyph <= last; glyph += 1)
        meanings.set(
          glyph.toString(16).toUpperCase().padStart(4, '0'),
          String.fromCharCode(Number.parseInt(hex, 16) + glyph - first),
        );
    }
  return meanings;
};

/** All text of a page in the order in which it is drawn, without the spaces between its pieces. */
export const pdfText = (bytes: Buffer): string => {
  const objects = objectsIn(bytes);
  const byId = new Map(objects.map((object) => [object.id, object]));
  const fonts = new Map<string, ReadonlyMap<string, string>>();
  for (const { head } of objects)
    for (const [, name = '', font = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const cmap = /\/ToUnicode (\d+) 0 R/.exec(byId.get(font)?.head ?? '')?.[1] ?? '';
      fonts.set(name, meaningsIn(byId.get(cmap)?.stream ?? ''));
    }
  let text = '';
  for (const { stream } of objects) {
    let font: ReadonlyMap<string, string> | undefined;
    for (const [, name, hex] of stream.matchAll(
      /\/(F\d+) [\d.-]+ Tf|<([0-9A-Fa-f]+)>(?=[^<>]*Tj)/g,
    ))
      if (name !== undefined) font = fonts.get(name);
      else
        for (const glyph of hex?.toUpperCase().match(/.{4}/g) ?? []) text += font?.get(glyph) ?? '';
  }
  return text;
};
