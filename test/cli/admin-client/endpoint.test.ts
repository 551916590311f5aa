/** Where the admin API is, and how requests to it are signed. */
import { describe, expect, test } from 'vitest';
import { findEndpoint } from '../../../cli/admin-client/endpoint.ts';
import { adminContext } from '../../fixtures/admin-server.ts';

const endpointOf = (endpoint: string, more: Record<string, string> = {}, env: Record<string, string> = {}) =>
  findEndpoint(adminContext({ endpoint, ...more }, env));

describe('the admin endpoint', () => {
  test.each([
    ['https://abc.execute-api.eu-west-1.amazonaws.com/prod', 'execute-api', 'eu-west-1'],
    ['https://abc-vpce-1.execute-api.us-gov-west-1.amazonaws.com/prod', 'execute-api', 'us-gov-west-1'],
    ['https://abc.execute-api.cn-north-1.amazonaws.com.cn/prod', 'execute-api', 'cn-north-1'],
    ['https://abc.lambda-url.eu-central-1.on.aws', 'lambda', 'eu-central-1'],
  ])('the host %s tells the service and the region to sign for', (url, service, region) => {
    expect(endpointOf(url)?.signing).toEqual({ service, region });
  });

  test('an endpoint of another name is signed for by flags, or the region of the environment; without them it is refused', () => {
    const url = 'https://countersign.example.com';
    expect(endpointOf(url, { signingService: 'lambda', signingRegion: 'eu-west-1' })?.signing).toEqual({
      service: 'lambda',
      region: 'eu-west-1',
    });
    expect(
      endpointOf(url, { signingService: 'execute-api' }, { AWS_REGION: 'us-east-2' })?.signing?.region,
    ).toBe('us-east-2');
    expect(() => endpointOf(url)).toThrow(/give --signing-service/);
    expect(() =>
      endpointOf(
        url,
        { signingService: 'lambda' },
        { AWS_CONFIG_FILE: 'none', AWS_SHARED_CREDENTIALS_FILE: 'none' },
      ),
    ).toThrow(/give --signing-region/);
  });

  test.each(['http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:8080/'])(
    'requests to a loopback endpoint are not signed: %s',
    (url) => {
      expect(endpointOf(url)?.signing).toBeUndefined();
    },
  );

  test.each([
    'http://example.com',
    'ftp://127.0.0.1',
    'x',
    'https://user@example.com',
    'https://example.com/?a=b',
    'http://127.0.0.1.example.com',
  ])('an endpoint that is neither https nor loopback, or has a user or a query, is refused: %s', (url) =>
    expect(() => endpointOf(url)).toThrow(/must be an https URL/),
  );
});
