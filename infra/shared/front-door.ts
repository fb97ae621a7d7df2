import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  CachePolicy,
  CfnOriginAccessControl,
  CfnResponseHeadersPolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { contentSecurityPolicyOf, otherHeaders, type PageRights } from './page-policy.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface FrontDoorProps {
  /** What is served, in a few words. */
  readonly of: string;
  readonly logRetentionDays: number;
  /** Of the deployment: another one of the same account has another suffix. */
  readonly suffix: string;
  /**
   * A name of yours; its certificate is in us-east-1. Without one CloudFront's own name is used.
   */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
  /** A web ACL for CloudFront; it is in us-east-1, whatever the region of the stack. */
  readonly webAclArn?: string;
  readonly pages?: PageRights;
}

/** Where people get the pages of a site: CloudFront before a bucket that only it can read. */
export class FrontDoor extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** What is served, in a few words. */
  readonly of: string;
  /** The one origin whose pages may call the API. */
  readonly origin: string;

  constructor(
    scope: Construct,
    id: string,
    { of, logRetentionDays, suffix, domain, webAclArn, pages }: FrontDoorProps,
  ) {
    super(scope, id);
    this.of = of;
    const logs = this.logs(logRetentionDays);
    this.bucket = new PrivateBucket(this, 'Pages', {
      // What is in it is built from the repository, and public.
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
      accessLogs: { bucket: logs, prefix: 'bucket/' },
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `The pages of ${of}`,
      defaultRootObject: 'index.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket as IBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.headers(of, pages),
        compress: true,
      },
      // A page has an address of its own (/products/7), and there is no such file: the application
      // in index.html knows what to show.
      errorResponses: [403, 404].map((httpStatus) => ({
        httpStatus,
        responseHttpStatus: 200,
        responsePagePath: '/index.html',
        ttl: Duration.seconds(10),
      })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: logs as IBucket,
      logFilePrefix: 'pages/',
      logIncludesCookies: false,
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...(domain && {
        domainNames: [domain.name],
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
    });
    this.origin = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
    this.addToNames(suffix);
    this.acknowledgeRules({ domain: domain !== undefined, webAcl: webAclArn !== undefined });
  }

  /** CloudFront has no regions: names of a second deployment of an account must be others. */
  private addToNames(suffix: string): void {
    if (suffix === '') return;
    for (const child of this.node.findAll()) {
      const name = `${Names.uniqueResourceName(child, { maxLength: 64 - suffix.length })}${suffix}`;
      if (child instanceof CfnResponseHeadersPolicy)
        child.addPropertyOverride('ResponseHeadersPolicyConfig.Name', name);
      if (child instanceof CfnOriginAccessControl)
        child.addPropertyOverride('OriginAccessControlConfig.Name', name);
    }
  }

  /** CloudFront writes its log with an access control list, so this bucket alone has them. */
  private logs(days: number): Bucket {
    const bucket = new Bucket(this, 'Logs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { expiration: Duration.days(days), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return bucket;
  }

  private headers(of: string, pages: PageRights | undefined): ResponseHeadersPolicy {
    const contentSecurityPolicy = contentSecurityPolicyOf(pages);
    return new ResponseHeadersPolicy(this, 'Headers', {
      comment: `What browsers may do with the pages of ${of}`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(otherHeaders).map(([header, value]) => ({
          ...{ header, value, override: true },
        })),
      },
    });
  }

  private acknowledgeRules({
    domain,
    webAcl,
  }: {
    readonly domain: boolean;
    readonly webAcl: boolean;
  }): void {
    acknowledge(this.distribution, {
      CFR1:
        'People are everywhere: which countries may read public pages is for the owner ' +
        'of the account to say.',
      ...(!webAcl && {
        CFR2:
          'Behind it are static files that everybody may read and that take no input. The API, ' +
          'which takes input, has a web ACL. One for CloudFront would have to be in us-east-1; ' +
          'webAclArn takes it.',
      }),
      ...(!domain && {
        CFR4:
          'On its own name CloudFront itself decides how old TLS may be. With a name and ' +
          'certificate of yours (`domain`) it is at least 1.2.',
      }),
    });
  }
}
