import { Aws } from 'aws-cdk-lib';

/** What the pages of a site may do besides talking to their API and to Cognito. */
export interface PageRights {
  /** Origins that they read from. */
  readonly reads?: readonly string[];
  /** The Trusted Types policy under which they start a worker from our own files. */
  readonly workerPolicy?: string;
}

/**
 * A page runs our own files and talks to our API and to Cognito, and nothing else. The API is named
 * by region: its own name would need the API first, and the API needs the origin of the pages
 * first.
 */
export const contentSecurityPolicyOf = ({ reads = [], workerPolicy }: PageRights = {}): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `worker-src ${workerPolicy === undefined ? "'none'" : "'self'"}`,
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    [
      `connect-src 'self' https://*.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      ...reads,
    ].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    // Only Vue may make HTML of a text, and it does so for its own templates alone.
    "require-trusted-types-for 'script'",
    ['trusted-types vue', ...(workerPolicy === undefined ? [] : [workerPolicy])].join(' '),
  ].join('; ');

/** What of a browser no page uses; the names are those that Chromium knows. */
const unusedFeatures = [
  ...['accelerometer', 'autoplay', 'camera', 'clipboard-read', 'display-capture'],
  ...['encrypted-media', 'fullscreen', 'gamepad', 'geolocation', 'gyroscope', 'hid'],
  ...['idle-detection', 'keyboard-map', 'magnetometer', 'microphone', 'midi', 'payment'],
  ...['picture-in-picture', 'publickey-credentials-get', 'screen-wake-lock', 'serial'],
  ...['sync-xhr', 'usb', 'xr-spatial-tracking'],
];

/**
 * Headers of all files of a site that CloudFront has no field of its own for. Pages share no
 * process with another site's, neither as its opener nor by what they embed.
 */
export const otherHeaders: Readonly<Record<string, string>> = {
  'Permissions-Policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Permitted-Cross-Domain-Policies': 'none',
};
