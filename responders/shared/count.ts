/** `1,234`. By hand, because the first use of a locale loads its data and delays a command. */
export const grouped = (many: number): string => String(many).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 call`, `2 calls`, `1,234 calls`. */
export const count = (many: number, singular: string, plural = `${singular}s`): string =>
  `${grouped(many)} ${many === 1 ? singular : plural}`;
