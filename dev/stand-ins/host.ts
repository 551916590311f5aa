/** The service and region that the `Host` of a request names. */
import { isLoopbackHost } from '../../lib/net/loopback.ts';
import type { PartitionId } from '../../lib/identity/partitions.ts';

export type AddressedHost =
  /** A published name of the service. */
  | { readonly kind: 'aws'; readonly partition: PartitionId; readonly region: string }
  /** The stand-in's own address. Requests of any region may come here, as to any custom endpoint. */
  | { readonly kind: 'loopback' }
  | { readonly kind: 'other' };

/** The suffixes of regional names, also of dual-stack ones. Source: the SDKs' partitions.json. */
const suffixes: readonly (readonly [string, PartitionId])[] = [
  ['amazonaws.com', 'aws'],
  ['api.aws', 'aws'],
  ['amazonaws.com.cn', 'aws-cn'],
  ['api.amazonwebservices.com.cn', 'aws-cn'],
  ['c2s.ic.gov', 'aws-iso'],
  ['api.aws.ic.gov', 'aws-iso'],
  ['sc2s.sgov.gov', 'aws-iso-b'],
  ['api.aws.scloud', 'aws-iso-b'],
  ['cloud.adc-e.uk', 'aws-iso-e'],
  ['api.cloud-aws.adc-e.uk', 'aws-iso-e'],
  ['csp.hci.ic.gov', 'aws-iso-f'],
  ['api.aws.hci.ic.gov', 'aws-iso-f'],
  ['amazonaws.eu', 'aws-eusc'],
  ['api.amazonwebservices.eu', 'aws-eusc'],
];

export function readHost(host: string, service: 'sts' | 'iam'): AddressedHost {
  if (isLoopbackHost(host)) return { kind: 'loopback' };
  // The names without a region are signed for us-east-1.
  if (host === `${service}.amazonaws.com`) return { kind: 'aws', partition: 'aws', region: 'us-east-1' };
  const match = /^([a-z]+)(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.([a-z0-9.-]+)$/.exec(host);
  const [, name, region, suffix] = match ?? [];
  const found = suffixes.find(([known]) => known === suffix);
  if (name !== service || region === undefined || found === undefined) return { kind: 'other' };
  const partition = found[1] === 'aws' && region.startsWith('us-gov-') ? 'aws-us-gov' : found[1];
  return { kind: 'aws', partition, region };
}
