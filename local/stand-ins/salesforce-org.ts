import { type Fields, type FieldTypes, parseSoql, type SoqlValue } from './soql.ts';

/** A contact in the stand-in; times as `toISOString` writes them. */
export interface StandInContact {
  readonly Id: string;
  readonly Name: string;
  readonly 'Account.Name': string | null;
  readonly Title: string | null;
  readonly Email: string | null;
  readonly Phone: string | null;
  readonly MailingStreet: string | null;
  readonly MailingPostalCode: string | null;
  readonly MailingCity: string | null;
  readonly MailingCountry: string | null;
  readonly LastModifiedDate: string;
  readonly SystemModstamp: string;
  readonly IsDeleted: boolean;
}

const types = {
  Id: 'id',
  Name: 'text',
  'Account.Name': 'text',
  Title: 'text',
  Email: 'text',
  Phone: 'text',
  MailingStreet: 'text',
  MailingPostalCode: 'text',
  MailingCity: 'text',
  MailingCountry: 'text',
  LastModifiedDate: 'dateTime',
  SystemModstamp: 'dateTime',
  IsDeleted: 'boolean',
} as const satisfies FieldTypes & Record<keyof StandInContact, FieldTypes[string]>;

const writable: ReadonlySet<string> = new Set(
  Object.keys(types).filter(
    (name) => name.startsWith('Mailing') || ['Title', 'Email', 'Phone'].includes(name),
  ),
);

const times: ReadonlySet<string> = new Set(['LastModifiedDate', 'SystemModstamp']);

export interface SaveResult {
  readonly id?: string;
  readonly success: boolean;
  readonly errors: readonly {
    readonly statusCode: string;
    readonly message: string;
    readonly fields: readonly string[];
  }[];
}

/** The contacts of a Salesforce organisation, in memory. */
export interface Org {
  readonly contacts: ReadonlyMap<string, StandInContact>;
  /** Changes or creates a contact. Its time stamps are the current time, unless `to` has them. */
  readonly change: (id: string, to: Partial<StandInContact>) => void;
  readonly remove: (id: string) => void;
  /** The first page of a query; throws a `SoqlError` for a query that Salesforce refuses. */
  readonly query: (soql: string, deleted: boolean) => Page;
  /** A further page; `undefined` if there is no such query. */
  readonly more: (locator: string) => Page | undefined;
  readonly save: (record: unknown) => SaveResult;
}

export interface Page {
  readonly totalSize: number;
  readonly records: readonly unknown[];
  /** The locator of the next page; `null` for the last page. */
  readonly next: string | null;
}

/** Time stamps have whole seconds, as in Salesforce. */
const stampOf = (now: number): string => new Date(Math.floor(now / 1_000) * 1_000).toISOString();

export const org = (
  seed: readonly StandInContact[],
  { now, pageSize }: { readonly now: () => number; readonly pageSize: number },
): Org => {
  const contacts = new Map(seed.map((contact) => [contact.Id, contact]));
  const results = new Map<string, readonly unknown[]>();
  const change: Org['change'] = (id, to) => {
    const known = contacts.get(id) ?? blank(id);
    const stamp = stampOf(now());
    contacts.set(id, { ...known, SystemModstamp: stamp, LastModifiedDate: stamp, ...to });
  };
  const pageAt = (query: string, from: number): Page | undefined => {
    const records = results.get(query);
    if (!records || from >= Math.max(records.length, 1)) return undefined;
    const to = from + pageSize;
    return {
      totalSize: records.length,
      records: records.slice(from, to),
      next: to < records.length ? `${query}-${to}` : null,
    };
  };
  return {
    contacts,
    change,
    remove: (id) => change(id, { IsDeleted: true }),
    query: (soql, deleted) => {
      const { fields, matches, compare, limit } = parseSoql(soql, 'Contact', types);
      const rows: readonly Fields[] = [...contacts.values()].map((contact) => ({ ...contact }));
      const matching = rows
        .filter((row) => (deleted || row.IsDeleted !== true) && matches(row))
        .sort(compare);
      const query = `01gSTANDIN${String(results.size + 1).padStart(8, '0')}`;
      results.set(
        query,
        matching.slice(0, limit).map((row) => recordOf(row, fields)),
      );
      return pageAt(query, 0) ?? { totalSize: 0, records: [], next: null };
    },
    more: (locator) => {
      const [, query = '', from = ''] = /^(01g\w+)-(\d+)$/.exec(locator) ?? [];
      return pageAt(query, Number(from));
    },
    save: (record) => saveInto(contacts, change, record),
  };
};

const blank = (id: string): StandInContact => ({
  Id: id,
  Name: 'Somebody',
  'Account.Name': null,
  Title: null,
  Email: null,
  Phone: null,
  MailingStreet: null,
  MailingPostalCode: null,
  MailingCity: null,
  MailingCountry: null,
  LastModifiedDate: '',
  SystemModstamp: '',
  IsDeleted: false,
});

/**
 * A record as the API writes it: related records are objects, times have an offset without colon.
 */
const recordOf = (row: Fields, fields: readonly string[]): unknown => {
  const written: Record<string, unknown> = {
    attributes: { type: 'Contact', url: `/services/data/v66.0/sobjects/Contact/${row.Id}` },
  };
  for (const field of fields) {
    const value = row[field] ?? null;
    const [parent = '', child] = field.split('.');
    if (child !== undefined)
      written[parent] = value === null ? null : { attributes: { type: parent }, [child]: value };
    else written[field] = times.has(field) ? `${String(value).slice(0, 23)}+0000` : value;
  }
  return written;
};

const failed = (
  statusCode: string,
  message: string,
  fields: readonly string[] = [],
): SaveResult => ({
  success: false,
  errors: [{ statusCode, message, fields }],
});

const saveInto = (
  contacts: ReadonlyMap<string, StandInContact>,
  change: Org['change'],
  record: unknown,
): SaveResult => {
  const given = Object.entries(typeof record === 'object' && record !== null ? record : {});
  const known = contacts.get(String(given.find(([name]) => name === 'id')?.[1]));
  if (!known) return failed('NOT_FOUND', 'The requested resource does not exist');
  if (known.IsDeleted) return failed('ENTITY_IS_DELETED', 'entity is deleted');
  const fields = given.filter(([name]) => !['id', 'attributes'].includes(name));
  const unknown = fields.map(([name]) => name).filter((name) => !writable.has(name));
  if (unknown.length > 0)
    return failed(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${unknown.join(', ')}`,
      unknown,
    );
  const values = Object.fromEntries(
    fields.map(([name, value]): [string, SoqlValue] => [
      name,
      typeof value === 'string' ? value || null : null,
    ]),
  );
  if (values.Email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(String(values.Email)))
    return failed('INVALID_EMAIL_ADDRESS', `Email: invalid email address: ${values.Email}`, [
      'Email',
    ]);
  change(known.Id, values);
  return { id: known.Id, success: true, errors: [] };
};
