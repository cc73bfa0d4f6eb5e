// Which Nodes this project runs on. The same range stands in package.json as `engines`; a house test compares the two.

export const supportedNodes = '^20.20.0 || ^22.14.0 || >=24';

/** True when `version` ("20.20.2") lies in the supported range. 21 and 23 are out: they were never long-term lines. */
export function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 20 && minor >= 20) || (major === 22 && minor >= 14) || major >= 24;
}

/** Ends the process with one sentence when the running Node is too old. Imported first by every script. */
if (!isSupportedNode(process.versions.node)) {
  console.error(
    `Claimstead needs Node ${supportedNodes}, and this is Node ${process.versions.node}: install a newer one (for example from nodejs.org) and put it first in PATH.`,
  );
  process.exit(1);
}
