/** `1,234`, by hand: the first use of a locale loads its data, and every command would wait for that. */
export const grouped = (many: number): string => String(many).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 call`, `2 calls`, `1,234 calls`. */
export const count = (many: number, singular: string, plural = `${singular}s`): string =>
  `${grouped(many)} ${many === 1 ? singular : plural}`;
