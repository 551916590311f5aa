/** The SDK's search for credentials, in a module of its own: loading it costs several times what a token costs. */
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

export interface ChainOptions {
  readonly profile: string;
  readonly region: string;
  readonly askMfa: (serial: string) => Promise<string>;
}

/** Profiles, SSO, processes, web identity, containers, instances: whatever gives credentials first. */
export const searchChain = async ({ profile, region, askMfa }: ChainOptions) =>
  fromNodeProviderChain({ profile, mfaCodeProvider: askMfa, clientConfig: { region } })();
