const names = new Intl.DisplayNames('en', { type: 'region' });

/** The name of a country, if the text is a code of one; else the text itself. */
export const countryText = (text: string): string =>
  /^[A-Z]{2}$/.test(text) ? (names.of(text) ?? text) : text;
