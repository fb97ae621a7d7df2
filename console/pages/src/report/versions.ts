/** The name of a version: each round of containment has two. */
export interface VersionName {
  readonly round: number;
  readonly version: number;
}

interface Versions<Version extends VersionName> {
  /** The oldest first. */
  readonly versions: readonly Version[];
  readonly shown: VersionName | null;
}

const isSame = (left: VersionName, right: VersionName): boolean =>
  left.round === right.round && left.version === right.version;

/** Whether a version is the one that is shown. */
export const isShown = ({ shown }: Versions<VersionName>, version: VersionName): boolean =>
  shown !== null && isSame(shown, version);

/** The version before another one, also that of an earlier round; nothing before the first. */
export const versionBefore = <Version extends VersionName>(
  { versions }: Versions<Version>,
  version: VersionName,
): Version | undefined => {
  const at = versions.findIndex((written) => isSame(written, version));
  return at > 0 ? versions[at - 1] : undefined;
};

/** `Version 2`; with its round where the workload was contained more than once. */
export const versionText = (
  { versions }: Versions<VersionName>,
  { round, version }: VersionName,
): string =>
  versions.some((written) => written.round !== round)
    ? `Round ${round}, version ${version}`
    : `Version ${version}`;
