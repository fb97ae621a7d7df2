// Uploads by presigned addresses: whoever has one could otherwise store what it was not made for.
import { declared, type Rule } from './declared.ts';
import { listAt } from './synthesised.ts';

/** What an upload signs as headers. A checksum that is moved into the query is ignored by S3. */
const signed = ['content-type', 'x-amz-checksum-sha256'];

/** A browser sends only headers that the bucket names; the length needs no permission. */
export const uploads: Rule = {
  says: 'a bucket that takes uploads of pages lets them send the headers that are signed',
  look: (template) =>
    declared(template, 'AWS::S3::Bucket').flatMap(({ id, properties }) =>
      listAt(properties, 'CorsConfiguration', 'CorsRules')
        .filter((rule) =>
          listAt(rule, 'AllowedMethods').some((method) => method === 'PUT' || method === 'POST'),
        )
        .flatMap((rule) => {
          const headers = listAt(rule, 'AllowedHeaders').map((name) => String(name).toLowerCase());
          const missing = signed.filter((name) => !headers.includes(name));
          const isOpen = listAt(rule, 'AllowedOrigins').includes('*');
          return [
            ...missing.map((name) => `${id}: an upload cannot send ${name}`),
            ...(isOpen ? [`${id}: pages of every origin may upload`] : []),
          ];
        }),
    ),
};

const presigns = /\bgetSignedUrl\(|\.presign\(/;
const stores = /\bPutObjectCommand\b|method: '(PUT|POST)'/;
const [asHeader, notInQuery] = ['signableHeaders', 'unhoistableHeaders'];

/**
 * Why the address that a source makes binds an upload to too little. Nothing for a source that
 * makes no such address.
 */
export const unboundUploads = (source: string): readonly string[] => {
  if (!presigns.test(source) || !stores.test(source)) return [];
  const wanted = [
    asHeader,
    notInQuery,
    ...[...signed, 'content-length'].map((name) => `'${name}'`),
  ];
  return wanted.filter((word) => !source.includes(word));
};
