/** Where the objects of a bucket are read; the names of our buckets have no dots. */
export const bucketOrigin = (bucket: string, region: string): string =>
  `https://${bucket}.s3.${region}.amazonaws.com`;
