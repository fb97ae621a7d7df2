import { createHash } from 'node:crypto';
import { escapeHtml, type Html, htmlTag } from '../../responders/shared/html.ts';
import { linesWithCodes } from '../../responders/shared/printable.ts';

const escaped = (text: string): string => escapeHtml(linesWithCodes(text));

/** A piece of a page. Every text is escaped, unless it is itself a piece. */
export const html = htmlTag(escaped);

const style = `
body {
  margin: 0 auto; max-width: 1000px; padding: 12px 16px 48px;
  font: 16px/1.5 system-ui, "Liberation Sans", sans-serif;
  color: #16181d; background: #fff; overflow-wrap: anywhere;
}
h1 { font-size: 22px; }
h2 { font-size: 18px; border-top: 1px solid #c9ced8; padding-top: 14px; margin-top: 28px; }
h3 { margin: 2px 0; font-size: 17px; }
article {
  border: 1px solid #c9ced8; border-left: 6px solid #6b4600;
  padding: 8px 14px; margin: 12px 0;
}
article.good { border-left-color: #0b5d33; }
article.bad { border-left-color: #8f1220; }
p { margin: 4px 0; }
.small { font-size: 14px; color: #4a5160; }
ol, ul { padding-left: 20px; margin: 4px 0; }
a { color: #0b3d91; }
pre {
  white-space: pre-wrap; font: inherit; background: #f4f5f8;
  padding: 10px; margin: 6px 0;
}
summary { cursor: pointer; }
`;

const hash = createHash('sha256').update(style).digest('base64');

/** Forbids scripts, external resources, forms and frames. */
export const policy = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const page = (title: string, body: Html): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${style}</style></head>
<body>${body.html}</body></html>
`;
