import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  DeleteObjectsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';

interface PagesUpload {
  readonly s3: S3Client;
  readonly bucket: string;
  /** The folder with the built pages. */
  readonly folder: string;
  readonly config: Readonly<Record<string, string>>;
  readonly now: () => number;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** A file with its hash in its name never changes. All others are asked for again each time. */
const cacheControlOf = (key: string): string =>
  key.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

const put = ({ s3, bucket }: PagesUpload, key: string, content: Uint8Array | string) => {
  const ContentType = types[extname(key)];
  if (ContentType === undefined) throw new Error(`pages hold no file such as ${key}`);
  return s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: content,
      ContentType,
      CacheControl: cacheControlOf(key),
    }),
  );
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/**
 * Uploads the pages. `index.html` comes last, so that at no time it names a file that is not there;
 * files of earlier deployments stay for a while, for who has an earlier page open.
 */
export const uploadPages = async (upload: PagesUpload): Promise<void> => {
  const { folder, config } = upload;
  const files = filesIn(folder);
  const others = files.filter((file) => file !== 'index.html');
  if (others.length === files.length) throw new Error('the pages have no index.html');
  await Promise.all(others.map((file) => put(upload, file, readFileSync(join(folder, file)))));
  await put(upload, 'config.json', `${JSON.stringify(config, undefined, 2)}\n`);
  await put(upload, 'index.html', readFileSync(join(folder, 'index.html')));
  const current = new Set([...files, 'config.json']);
  await removePages(upload, (key, age) => !current.has(key) && age > outdatedAfterMs);
};

const outdatedAfterMs = 7 * 86_400_000;

/** Removes the objects that the test names; by default all, because the stack is going. */
export const removePages = async (
  { s3, bucket, now }: Pick<PagesUpload, 's3' | 'bucket' | 'now'>,
  isDue: (key: string, age: number) => boolean = () => true,
): Promise<void> => {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    const due = Contents.flatMap(({ Key, LastModified }) =>
      Key !== undefined && isDue(Key, now() - (LastModified?.getTime() ?? now())) ? [{ Key }] : [],
    );
    if (due.length === 0) continue;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: due, Quiet: true } }),
    );
    if (Errors[0]) throw new Error(`${Errors[0].Key} cannot be removed: ${Errors[0].Message}`);
  }
};
