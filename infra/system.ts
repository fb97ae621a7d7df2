import type { App, Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Config } from './config.ts';

/** What the stack of a system is made with. */
export interface SystemProps {
  readonly config: Config;
  /** The code of a bundle, by its name. */
  readonly code: (entry: string) => Code;
  /** Puts a built site beside the code of the bundle `<name>-pages-upload`; returns its hash. */
  readonly site: (name: string) => string;
}

/** What a system adds to the templates: loaded only where the system is chosen. */
export interface SystemParts {
  /** Name of the bundle → its source, without the ending. */
  readonly entries: Readonly<Record<string, string>>;
  addTo(app: App, props: SystemProps): Stack;
}

/** A server that a local run starts behind a service of AWS. */
export type ServerName = 'postgresql' | 'redis';

/** A system beside Cordon and the application: deployed only where it is chosen by its name. */
export interface System {
  readonly name: string;
  /** What it is, for the help of the command. */
  readonly title: string;
  readonly stack: string;
  /** The servers that a local run of it starts. */
  readonly needs: readonly ServerName[];
  readonly load: () => Promise<SystemParts>;
}
