/**
 * AWS partitions, their regions, and the hosts at which STS is published.
 *
 * Source: botocore 1.43.11, `data/partitions.json`, `data/endpoints.json` and the STS endpoint rule set; the IAM User Guide,
 * "AWS STS Regions and endpoints" and "Dual-stack endpoint support". Read on 2026-11-22.
 */
export const partitionIds = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
] as const;

export type PartitionId = (typeof partitionIds)[number];

export interface Partition {
  readonly id: PartitionId;
  readonly dnsSuffix: string;
  /** `undefined`: no dual-stack STS host is published. */
  readonly dualStackDnsSuffix: string | undefined;
  /** The names that a region of this partition may have; disjoint from every other partition's. */
  readonly regionPattern: RegExp;
  readonly regions: readonly string[];
}

/** One name under which STS answers. */
export interface StsHost {
  readonly host: string;
  readonly partition: PartitionId;
  /** The region that a request to this host is signed for. */
  readonly region: string;
  readonly kind: 'global' | 'regional' | 'fips' | 'dual-stack' | 'dual-stack-fips';
}

const awsRegions = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

export const partitions: readonly Partition[] = [
  {
    id: 'aws',
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    regionPattern: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[1-9]\d?$/,
    regions: awsRegions,
  },
  {
    id: 'aws-cn',
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
    regionPattern: /^cn-[a-z]+-[1-9]\d?$/,
    regions: ['cn-north-1', 'cn-northwest-1'],
  },
  {
    id: 'aws-us-gov',
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    regionPattern: /^us-gov-[a-z]+-[1-9]\d?$/,
    regions: ['us-gov-east-1', 'us-gov-west-1'],
  },
  {
    id: 'aws-iso',
    dnsSuffix: 'c2s.ic.gov',
    dualStackDnsSuffix: undefined,
    regionPattern: /^us-iso-[a-z]+-[1-9]\d?$/,
    regions: ['us-iso-east-1', 'us-iso-west-1'],
  },
  {
    id: 'aws-iso-b',
    dnsSuffix: 'sc2s.sgov.gov',
    dualStackDnsSuffix: undefined,
    regionPattern: /^us-isob-[a-z]+-[1-9]\d?$/,
    regions: ['us-isob-east-1', 'us-isob-west-1'],
  },
  {
    id: 'aws-iso-e',
    dnsSuffix: 'cloud.adc-e.uk',
    dualStackDnsSuffix: undefined,
    regionPattern: /^eu-isoe-[a-z]+-[1-9]\d?$/,
    regions: ['eu-isoe-west-1'],
  },
  {
    id: 'aws-iso-f',
    dnsSuffix: 'csp.hci.ic.gov',
    dualStackDnsSuffix: undefined,
    regionPattern: /^us-isof-[a-z]+-[1-9]\d?$/,
    regions: ['us-isof-east-1', 'us-isof-south-1'],
  },
  {
    id: 'aws-eusc',
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
    regionPattern: /^eusc-de-[a-z]+-[1-9]\d?$/,
    regions: ['eusc-de-east-1'],
  },
];

/** Regions with `sts-fips.<region>.amazonaws.com`. In aws-us-gov the plain regional names are the FIPS ones. */
const fipsRegions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'];
/** Regions with `sts-fips.<region>.api.aws`: "available only in US and Canada Regions" (IAM User Guide). */
const dualStackFipsRegions = [...fipsRegions, 'ca-central-1', 'ca-west-1'];

/** Signed for us-east-1; no other partition has one. */
export const globalStsHost = 'sts.amazonaws.com';

/** By the shape of the name: also for regions that are newer than the list. `undefined`: no partition has such a region. */
export function partitionOfRegion(region: string): Partition | undefined {
  return partitions.find(({ regionPattern }) => regionPattern.test(region));
}

/** `sts.eu-central-1.amazonaws.com`; `undefined`: no partition has such a region. */
export function regionalStsHost(region: string): string | undefined {
  const partition = partitionOfRegion(region);
  return partition === undefined ? undefined : `sts.${region}.${partition.dnsSuffix}`;
}

function hostsOfRegion({ id, dnsSuffix, dualStackDnsSuffix }: Partition, region: string): StsHost[] {
  const hosts: StsHost[] = [{ host: `sts.${region}.${dnsSuffix}`, partition: id, region, kind: 'regional' }];
  if (dualStackDnsSuffix !== undefined) {
    hosts.push({ host: `sts.${region}.${dualStackDnsSuffix}`, partition: id, region, kind: 'dual-stack' });
  }
  return hosts;
}

const fipsHosts: readonly StsHost[] = [
  ...fipsRegions.map((region): StsHost => ({
    host: `sts-fips.${region}.amazonaws.com`,
    partition: 'aws',
    region,
    kind: 'fips',
  })),
  ...dualStackFipsRegions.map((region): StsHost => ({
    host: `sts-fips.${region}.api.aws`,
    partition: 'aws',
    region,
    kind: 'dual-stack-fips',
  })),
];

/**
 * Every host that a token may name, by the exact bytes of its name.
 * `extraRegions` (COUNTERSIGN_EXTRA_STS_REGIONS) adds the regional and dual-stack hosts of regions that are newer than the list.
 * @throws RangeError for an extra region that fits no partition
 */
export function stsHosts(extraRegions: readonly string[]): ReadonlyMap<string, StsHost> {
  const extra = extraRegions.map((region) => {
    const partition = partitionOfRegion(region);
    if (partition === undefined) throw new RangeError(`No partition has a region named ${region}.`);
    return hostsOfRegion(partition, region);
  });
  const listed = partitions.map((partition) =>
    partition.regions.map((region) => hostsOfRegion(partition, region)),
  );
  const global: StsHost = { host: globalStsHost, partition: 'aws', region: 'us-east-1', kind: 'global' };
  const hosts = [global, ...fipsHosts, ...listed.flat(2), ...extra.flat()];
  return new Map(hosts.map((host) => [host.host, host]));
}
