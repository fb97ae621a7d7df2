/** Keys of a caller. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Settings for any client of the AWS SDK. */
export interface SdkConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
  readonly maxAttempts?: number;
}
