declare const COUNTERSIGN_VERSION: string | undefined;

/** The version in package.json, put in by the bundler; `0.0.0` when run from source. */
export const version = typeof COUNTERSIGN_VERSION === 'string' ? COUNTERSIGN_VERSION : '0.0.0';
