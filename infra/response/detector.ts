import { CfnDetector } from 'aws-cdk-lib/aws-guardduty';
import type { Construct } from 'constructs';

/**
 * GuardDuty, looking at what Lambda functions and buckets do, repeating itself as often as it can.
 */
export class Detector extends CfnDetector {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      enable: true,
      // The default is six hours, in which a second attack of the same kind stays unseen.
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: [
        { name: 'LAMBDA_NETWORK_LOGS', status: 'ENABLED' },
        { name: 'S3_DATA_EVENTS', status: 'ENABLED' },
      ],
    });
  }
}
