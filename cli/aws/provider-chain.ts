/** The SDK's search for credentials, in a module of its own, since loading the SDK costs several times what a token costs. */
import {
  fromContainerMetadata,
  fromEnv,
  fromHttp,
  fromIni,
  fromInstanceMetadata,
  fromNodeProviderChain,
  propertyProviderChain,
} from '@aws-sdk/credential-providers';
import { isTlsUnverified, verifiedRequestHandler } from '../../lib/net/verified-tls.ts';

/**
 * Where the SDK looks: `chain` is everything that it knows, `profile` only that profile, `host` what a profile's
 * `credential_source` names.
 */
export type Place =
  | { readonly kind: 'chain' | 'profile'; readonly profile: string }
  | { readonly kind: 'host'; readonly credentialSource: string };

export interface ChainOptions {
  readonly region: string;
  readonly askMfa: (serial: string) => Promise<string>;
}

function hostProvider(credentialSource: string) {
  switch (credentialSource) {
    case 'EcsContainer':
      return propertyProviderChain(fromHttp({}), fromContainerMetadata());
    case 'Ec2InstanceMetadata':
      return fromInstanceMetadata();
    case 'Environment':
      return fromEnv();
    default:
      throw new Error(
        `credential_source is ${credentialSource}, not EcsContainer, Ec2InstanceMetadata or Environment`,
      );
  }
}

/** Searches there; returns the first credentials found. */
export async function searchPlace(place: Place, { region, askMfa }: ChainOptions) {
  // Some of its clients accept no options, and send keys or tokens.
  if (isTlsUnverified(process.env)) {
    throw new Error(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0, so any server could pass for AWS: unset it, and trust a CA of your own by NODE_EXTRA_CA_CERTS',
    );
  }
  if (place.kind === 'host') return hostProvider(place.credentialSource)();
  const options = {
    profile: place.profile,
    mfaCodeProvider: askMfa,
    clientConfig: { region, requestHandler: verifiedRequestHandler },
    // The SDK keeps the shared files for the life of the process: a long-running one would never see a logout.
    ignoreCache: true,
  };
  return place.kind === 'chain' ? fromNodeProviderChain(options)() : fromIni(options)();
}
