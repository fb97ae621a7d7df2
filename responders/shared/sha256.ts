import { Hash } from '@smithy/hash-node';

/** The hash that signatures of requests to AWS are made with. */
export class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}
