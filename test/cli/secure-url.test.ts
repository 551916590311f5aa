/** URLs that tokens, signatures and keys are sent to: others on the way cannot read them. */
import { describe, expect, test, vi } from 'vitest';
import { assumeRole } from '../../cli/aws/assume-role.ts';
import { stsEndpoint } from '../../cli/aws/sts-endpoint.ts';
import { findEndpoint } from '../../cli/admin-client/endpoint.ts';
import { checkClock } from '../../cli/commands/doctor/check-clock.ts';
import { run as runKubeconfig } from '../../cli/commands/kubeconfig/kubeconfig.ts';
import { findReviewHost } from '../../cli/review-host.ts';
import { parseSecureUrl } from '../../cli/secure-url.ts';
import { adminContext, answering } from '../fixtures/admin-server.ts';

test.each([
  'https://prod.example.com:6443',
  'https://rancher.example.com/k8s/clusters/c-1',
  'https://10.0.0.1',
  'https://[fd00::1]:6443',
  'https://proxy.example.com/users/a@b',
  'HTTPS://prod.example.com',
  'http://127.0.0.1:8001',
  'http://localhost:8080',
  'http://LOCALHOST',
  'http://[::1]:8080',
])('a URL that only its server can read is accepted: %s', (url) => {
  expect(parseSecureUrl(url, '--server').href).toBe(new URL(url).href);
});

const unsafe: readonly (readonly [string, string])[] = [
  ['http://prod.example.com', 'http://prod.example.com, which would be sent tokens that others can read'],
  ['http://10.0.0.1:6443', 'http://10.0.0.1:6443, which would be sent tokens that others can read'],
  ['http://127.0.0.1.example.com', 'http://127.0.0.1.example.com, which would be sent tokens'],
  ['http://0.0.0.0', 'http://0.0.0.0, which would be sent tokens'],
  // Loopback to a browser, and names of the DNS to kubectl.
  ['http://127.1:6443', 'http://127.1:6443, which would be sent tokens'],
  ['http://0x7f.1', 'http://0x7f.1, which would be sent tokens'],
  ['http://2130706433', 'http://2130706433, which would be sent tokens'],
  ['http://%6cocalhost', 'http://%6cocalhost, which would be sent tokens'],
  ['https://user:hidden-word@prod.example.com', 'https://…@prod.example.com, which has a user name'],
  ['https://:hidden-word@prod.example.com', 'https://…@prod.example.com, which has a user name'],
  ['https://@prod.example.com', 'https://…@prod.example.com, which has a user name'],
  ['https://prod.example.com/?token=hidden-word', 'https://prod.example.com/?…, which has a query'],
  ['https://prod.example.com/?', 'https://prod.example.com/?…, which has a query'],
  ['https://prod.example.com/#hidden-word', 'https://prod.example.com/#…, which has a fragment'],
  [String.raw`https://good.example.com\@prod.example.com`, String.raw`which is not the URL of a server`],
  ['https:prod.example.com', 'https:prod.example.com, which is not the URL of a server'],
  ['https://prod.example.com\nx', String.raw`"https://prod.example.com\nx", which is not the URL`],
  [' https://prod.example.com', ' https://prod.example.com, which is not the URL'],
  ['ftp://127.0.0.1', 'ftp://127.0.0.1, which is not the URL of a server'],
  ['prod.example.com', 'prod.example.com, which is not the URL of a server'],
  ['https://', 'https://, which is not the URL of a server'],
];

describe('a URL that others could read, or that could be read in two ways', () => {
  test.each(unsafe)('is refused, with the value, what is wrong and the rule: %j', (url, sentence) => {
    let message = '';
    try {
      parseSecureUrl(url, '--server');
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(sentence);
    expect(message).toMatch(
      /^CliFailure: --server is .*: it must be an https URL, or an http URL on loopback, without user name, query and fragment\.$/,
    );
    expect(message).not.toContain('hidden-word');
  });

  const readable = 'http://example.com';
  const rule = { exitCode: 2, message: expect.stringMatching(/must be an https URL/) as string };
  const source = { accessKeyId: 'AKIADEMOALICE0000001', secretAccessKey: 'demo-secret-alice' };
  const role = {
    roleArn: 'arn:aws:iam::111122223333:role/A',
    externalId: undefined,
    session: { name: 'a' },
    region: 'eu-west-1',
    mfa: undefined,
  };
  const clockOf = (env: Record<string, string>) => ({ ...adminContext({}, env), now: Date.now });

  test.each<[string, () => unknown]>([
    ['--endpoint', () => findEndpoint(adminContext({ endpoint: readable }))],
    ['--review-endpoint', () => findReviewHost(adminContext({ reviewEndpoint: readable }))],
    ['AWS_ENDPOINT_URL_STS', () => stsEndpoint({ AWS_ENDPOINT_URL_STS: readable })],
    ['AWS_ENDPOINT_URL', () => stsEndpoint({ AWS_ENDPOINT_URL: readable })],
    ['the clock of doctor', () => checkClock(clockOf({ AWS_ENDPOINT_URL: readable }))],
  ])('is not used as %s', async (_, use) => {
    await expect((async () => use())()).rejects.toMatchObject(rule);
  });

  test('is not used as the review host that the admin API reports', async () => {
    const endpoint = await answering((_, response) => {
      response.end(JSON.stringify({ reviewEndpoint: 'http://reviews.example.com' }));
    });
    await expect(findReviewHost(adminContext({ endpoint }))).rejects.toMatchObject(rule);
  });

  test('is not asked for the keys of a role', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', readable);
    await expect(assumeRole(source, role)).rejects.toMatchObject(rule);
  });

  test('is not written to a kubeconfig', async () => {
    const context = adminContext({ clusterId: 'demo', server: readable, certificateAuthority: 'none' });
    await expect(runKubeconfig({ ...context, now: Date.now })).rejects.toMatchObject(rule);
  });
});
