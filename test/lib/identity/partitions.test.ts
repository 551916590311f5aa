import { describe, expect, test } from 'vitest';
import {
  partitionIds,
  partitionOfRegion,
  partitions,
  regionalStsHost,
  stsHosts,
} from '../../../lib/identity/partitions.ts';

const hosts = stsHosts([]);

describe('a host belongs to one partition and is signed for one region', () => {
  test.each([
    ['sts.amazonaws.com', 'aws', 'us-east-1', 'global'],
    ['sts.eu-central-1.amazonaws.com', 'aws', 'eu-central-1', 'regional'],
    ['sts.eu-central-1.api.aws', 'aws', 'eu-central-1', 'dual-stack'],
    ['sts-fips.us-west-2.amazonaws.com', 'aws', 'us-west-2', 'fips'],
    ['sts-fips.ca-west-1.api.aws', 'aws', 'ca-west-1', 'dual-stack-fips'],
    ['sts.cn-north-1.amazonaws.com.cn', 'aws-cn', 'cn-north-1', 'regional'],
    ['sts.cn-north-1.api.amazonwebservices.com.cn', 'aws-cn', 'cn-north-1', 'dual-stack'],
    ['sts.us-gov-west-1.amazonaws.com', 'aws-us-gov', 'us-gov-west-1', 'regional'],
    ['sts.us-gov-east-1.api.aws', 'aws-us-gov', 'us-gov-east-1', 'dual-stack'],
    ['sts.us-iso-east-1.c2s.ic.gov', 'aws-iso', 'us-iso-east-1', 'regional'],
    ['sts.us-isob-west-1.sc2s.sgov.gov', 'aws-iso-b', 'us-isob-west-1', 'regional'],
    ['sts.eu-isoe-west-1.cloud.adc-e.uk', 'aws-iso-e', 'eu-isoe-west-1', 'regional'],
    ['sts.us-isof-south-1.csp.hci.ic.gov', 'aws-iso-f', 'us-isof-south-1', 'regional'],
    ['sts.eusc-de-east-1.amazonaws.eu', 'aws-eusc', 'eusc-de-east-1', 'regional'],
  ])('%s: %s, %s, %s', (host, partition, region, kind) => {
    expect(hosts.get(host)).toEqual({ host, partition, region, kind });
  });

  test.each([
    'sts-fips.eu-west-1.amazonaws.com',
    'sts-fips.us-gov-west-1.amazonaws.com',
    'sts.us-iso-east-1.api.aws.ic.gov',
    'sts.us-east-9.amazonaws.com',
    'sts.s3.amazonaws.com',
    'STS.amazonaws.com',
  ])('%s is not published', (host) => {
    expect(hosts.has(host)).toBe(false);
  });

  test('the number of hosts of each kind is as published', () => {
    const kinds = [...hosts.values()].map(({ partition, kind }) => `${partition} ${kind}`);
    const counts = Object.fromEntries(
      [...new Set(kinds)].map((kind) => [kind, kinds.filter((other) => other === kind).length]),
    );
    expect(counts).toEqual({
      'aws global': 1,
      'aws fips': 4,
      'aws dual-stack-fips': 6,
      'aws regional': 34,
      'aws dual-stack': 34,
      'aws-cn regional': 2,
      'aws-cn dual-stack': 2,
      'aws-us-gov regional': 2,
      'aws-us-gov dual-stack': 2,
      'aws-iso regional': 2,
      'aws-iso-b regional': 2,
      'aws-iso-e regional': 1,
      'aws-iso-f regional': 2,
      'aws-eusc regional': 1,
      'aws-eusc dual-stack': 1,
    });
  });

  test('only aws has a global host', () => {
    expect(
      [...hosts.values()].filter(({ kind }) => kind === 'global').map(({ partition }) => partition),
    ).toEqual(['aws']);
  });

  test('every host is lower-case ASCII and holds its region, but for the global one', () => {
    for (const { host, region, kind } of hosts.values()) {
      expect(host).toMatch(/^sts(?:-fips)?(?:\.[a-z0-9-]+){2,}$/);
      expect(kind === 'global' || host.includes(`.${region}.`)).toBe(true);
    }
  });
});

test.each([
  ['eu-central-1', 'sts.eu-central-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
  ['eu-west-9', 'sts.eu-west-9.amazonaws.com'],
])('STS of %s is at %s', (region, host) => {
  expect(regionalStsHost(region)).toBe(host);
});

test('every region belongs to one partition', () => {
  expect(partitions.map(({ id }) => id)).toEqual([...partitionIds]);
  for (const { id, regions } of partitions) {
    for (const region of regions) {
      const owners = partitions.filter(({ regionPattern }) => regionPattern.test(region));
      expect(owners.map((owner) => owner.id)).toEqual([id]);
    }
  }
});

describe('regions newer than the list', () => {
  test.each([
    ['eu-west-9', ['sts.eu-west-9.amazonaws.com', 'sts.eu-west-9.api.aws']],
    ['us-isob-north-1', ['sts.us-isob-north-1.sc2s.sgov.gov']],
    ['cn-east-12', ['sts.cn-east-12.amazonaws.com.cn', 'sts.cn-east-12.api.amazonwebservices.com.cn']],
  ])('%s adds %j', (region, added) => {
    const wider = stsHosts([region]);
    expect([...wider.keys()].filter((host) => !hosts.has(host))).toEqual(added);
  });

  test.each([
    ['us-east-10', 'aws'],
    ['mx-south-99', 'aws'],
    ['cn-east-2', 'aws-cn'],
    ['us-gov-north-10', 'aws-us-gov'],
    ['us-iso-south-12', 'aws-iso'],
    ['us-isob-north-12', 'aws-iso-b'],
    ['eu-isoe-east-12', 'aws-iso-e'],
    ['us-isof-north-12', 'aws-iso-f'],
    ['eusc-de-west-12', 'aws-eusc'],
  ])('%s is a region of %s, and nothing around it is one', (region, id) => {
    expect(partitionOfRegion(region)?.id).toBe(id);
    const numbered = ['', '0', '01', '100', 'x'].map((number) => region.replace(/\d+$/, number));
    const placed = ['', '1', 'EAST'].map((place) => region.replace(/[a-z]+(?=-\d)/, place));
    for (const text of [`x${region}`, `${region}x`, ...numbered, ...placed]) {
      expect(partitionOfRegion(text), text).toBeUndefined();
    }
  });

  test('a region that no partition has is named in the refusal', () => {
    expect(() => stsHosts(['eu-west-1', 'evil'])).toThrow('No partition has a region named evil.');
  });

  test('a listed region adds no host', () => {
    expect(stsHosts(['us-east-1']).size).toBe(hosts.size);
  });

  test.each([
    '',
    'evil',
    'us-east-1.evil.example',
    'US-EAST-1',
    'us-east-0',
    'us-east-100',
    'us-e_st-1',
    'eu-west-1\n',
    'xx-east-1',
    '*',
    'us-east-1/',
  ])('no partition has %j', (region) => {
    expect(partitionOfRegion(region)).toBeUndefined();
    expect(regionalStsHost(region)).toBeUndefined();
    expect(() => stsHosts([region])).toThrow(RangeError);
  });
});
