/** The SDK's search for credentials, in a module of its own, since loading the SDK costs several times what a token costs. */
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

export interface ChainOptions {
  readonly profile: string;
  readonly region: string;
  readonly askMfa: (serial: string) => Promise<string>;
}

/** Searches profiles, SSO, processes, web identity, containers and instances; returns the first credentials found. */
export const searchChain = async ({ profile, region, askMfa }: ChainOptions) =>
  fromNodeProviderChain({ profile, mfaCodeProvider: askMfa, clientConfig: { region } })();
