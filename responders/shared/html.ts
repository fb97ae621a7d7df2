/** Markup. Every other text is escaped where it enters a template. */
export interface Html {
  readonly html: string;
}

export type HtmlValue = string | number | Html | readonly Html[];

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML, also inside a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (char) => references[char] ?? '');

export const noHtml: Html = { html: '' };

/**
 * Makes a template tag: `` html`<p>${name}</p>` ``. It passes each text through `safe`, which may
 * also shorten it or show its hidden characters; a template that stands in another is not escaped
 * again.
 */
export const htmlTag = (safe: (text: string) => string) => {
  const rendered = (value: HtmlValue): string => {
    if (typeof value === 'string') return safe(value);
    if (typeof value === 'number') return String(value);
    return 'html' in value ? value.html : value.map(({ html }) => html).join('');
  };
  return (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
    html: parts
      .map((part, index) => part + (index < values.length ? rendered(values[index] ?? '') : ''))
      .join(''),
  });
};
