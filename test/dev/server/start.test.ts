import { describe, expect, it } from 'vitest';
import { readHost } from '../../../dev/stand-ins/host.ts';
import { demoFixture, readFixture, type Fixture } from '../../../dev/fixture/read.ts';
import { refusalOf } from '../../../dev/server/guard.ts';
import { cliCommand, instructions } from '../../../dev/server/instructions.ts';
import { findLogin, findRole, findStranger } from '../../../dev/server/login.ts';

const { fixture } = readFixture(demoFixture()) as { fixture: Fixture };
const login = findLogin(fixture)!;

describe('who may speak to the open admin API', () => {
  const json = { 'content-type': 'application/json', 'content-length': '2' };
  it.each([
    ['curl', { host: '127.0.0.1:8080' }, undefined],
    ['curl with JSON', { host: 'localhost:8080', ...json }, undefined],
    ['curl over IPv6', { host: '[::1]:8080', ...json }, undefined],
    [
      'JSON with a charset',
      { host: 'localhost', ...json, 'content-type': 'application/json; charset=utf-8' },
      undefined,
    ],
    ['a web page', { host: '127.0.0.1:8080', origin: 'https://evil.example' }, 403],
    ['a web page of loopback', { host: '127.0.0.1:8080', origin: 'http://localhost:3000' }, 403],
    ['a sandboxed web page', { host: '127.0.0.1:8080', origin: 'null' }, 403],
    ['a rebound name', { host: 'evil.example:8080' }, 403],
    ['a name that begins like loopback', { host: '127.0.0.1.evil.example' }, 403],
    ['no Host', {}, 403],
    [
      'a form',
      { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', 'content-length': '2' },
      415,
    ],
    ['a plain text', { host: 'localhost', 'content-type': 'text/plain', 'content-length': '2' }, 415],
    ['a body of no type', { host: 'localhost', 'content-length': '2' }, 415],
    ['a chunked body of no type', { host: 'localhost', 'transfer-encoding': 'chunked' }, 415],
  ])('%s', (_, headers, status) => {
    expect(refusalOf({ headers })?.status).toBe(status);
  });
});

describe('the hosts of AWS', () => {
  it.each([
    ['sts.amazonaws.com', 'sts', { partition: 'aws', region: 'us-east-1' }],
    ['iam.amazonaws.com', 'iam', { partition: 'aws', region: 'us-east-1' }],
    ['sts.us-gov-west-1.amazonaws.com', 'sts', { partition: 'aws-us-gov', region: 'us-gov-west-1' }],
    ['sts.cn-north-1.amazonaws.com.cn', 'sts', { partition: 'aws-cn', region: 'cn-north-1' }],
    ['sts.us-iso-east-1.c2s.ic.gov', 'sts', { partition: 'aws-iso', region: 'us-iso-east-1' }],
    ['sts.eusc-de-east-1.amazonaws.eu', 'sts', { partition: 'aws-eusc', region: 'eusc-de-east-1' }],
  ] as const)('%s', (host, service, expected) => {
    expect(readHost(host, service)).toStrictEqual({ kind: 'aws', ...expected });
  });

  it.each([
    'sts.s3.amazonaws.com',
    'iam.amazonaws.com',
    'sts.eu-west-1.example.com',
    'xsts.eu-west-1.amazonaws.com',
    '',
  ])('%j is none of STS', (host) => {
    expect(readHost(host, 'sts')).toStrictEqual({ kind: 'other' });
  });
});

describe('what is printed', () => {
  it('lets alice in, by herself and by her role, and mallory not', () => {
    expect([login.clusterId, login.user.name]).toStrictEqual(['demo', 'alice']);
    expect(findRole(fixture, login)?.name).toBe('KubernetesAdmin');
    expect(findStranger(fixture)?.name).toBe('mallory');
  });

  it('says where AWS is by a line of its own', () => {
    const addresses = {
      url: 'http://127.0.0.1:1',
      awsUrl: 'http://127.0.0.1:2',
      script: '/x/main.mjs',
      directory: '/',
    };
    const lines = instructions(fixture, login, addresses);
    expect(lines).toContain('export AWS_ENDPOINT_URL=http://127.0.0.1:2');
    expect(lines).toContain('export COUNTERSIGN_ENDPOINT=http://127.0.0.1:1');
  });

  it.each([
    ['/src/countersign/dist/cli/main.mjs', '/src/countersign', 'node dist/cli/main.mjs'],
    ['/usr/lib/countersign/main.mjs', '/home/me', 'node /usr/lib/countersign/main.mjs'],
    ["/it's here/main.mjs", '/home/me', String.raw`node '/it'\''s here/main.mjs'`],
  ])('calls %s from %s by %s', (script, directory, command) => {
    expect(cliCommand({ script, directory })).toBe(command);
  });

  it('nobody logs in where no cluster has a webhook token', () => {
    const clusters = fixture.clusters.map((cluster) => ({ ...cluster, webhookTokens: [] }));
    expect(findLogin({ ...fixture, clusters })).toBeUndefined();
  });
});
