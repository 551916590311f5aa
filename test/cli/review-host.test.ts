/** The review host: how it is found, and its whoami. */
import { describe, expect, test } from 'vitest';
import { askWhoami, findReviewHost } from '../../cli/review-host.ts';
import { adminContext, answering } from '../fixtures/admin-server.ts';

describe('the review host', () => {
  test('the review host is that of --review-endpoint, without a call of the admin API', async () => {
    const context = adminContext({
      reviewEndpoint: 'https://reviews.example.com/prod/',
      endpoint: 'http://127.0.0.1:1',
    });
    expect((await findReviewHost(context)).href).toBe('https://reviews.example.com/prod');
  });

  test('the review host is the reviewEndpoint that the admin API reports', async () => {
    const endpoint = await answering((request, response) => {
      response.end(
        JSON.stringify(request.url === '/v1/info' ? { reviewEndpoint: 'https://r.example.com' } : {}),
      );
    });
    expect((await findReviewHost(adminContext({ endpoint }))).origin).toBe('https://r.example.com');
  });

  test('the review host is the admin API itself if that is on loopback and reports none', async () => {
    const endpoint = await answering((_, response) => void response.end('{}'));
    expect((await findReviewHost(adminContext({ endpoint }))).origin).toBe(endpoint);
  });

  test('without any endpoint, the error message names the variables to set', async () => {
    await expect(findReviewHost(adminContext({}))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^No review host is known: set COUNTERSIGN_REVIEW_ENDPOINT/) as string,
    });
  });
});

describe('whoami', () => {
  const verdict = { outcome: 'verified', username: 'alice' };
  const whoamiOf = async (status: number, body: string): Promise<unknown> => {
    const host = await answering((_, response) => void response.writeHead(status).end(body));
    return askWhoami(new URL(host), 'demo', 'the-token');
  };

  test('whoami sends the token as a bearer token, with the cluster id escaped, and returns the verdict', async () => {
    let seen: unknown;
    const host = await answering((request, response) => {
      seen = [request.method, request.url, request.headers.authorization];
      response.end(JSON.stringify(verdict));
    });
    expect(await askWhoami(new URL(`${host}/prod`), 'a/b', 'the-token')).toEqual(verdict);
    expect(seen).toEqual(['POST', '/prod/v1/clusters/a%2Fb/whoami', 'Bearer the-token']);
  });

  test.each([
    [404, '', /does not offer whoami \(status 404\)/],
    [403, '', /does not offer whoami \(status 403\)/],
    [503, '', /could not decide \(status 503\): try again/],
    [200, '{}', /is not a review host/],
    [200, '<html>', /is not a review host/],
  ])(
    'an answer with status %i and body %j is a failure without the token in its message',
    async (status, body, message) => {
      const failure: unknown = await whoamiOf(status, body).catch((error: unknown) => error);
      expect(failure).toMatchObject({ exitCode: 1, message: expect.stringMatching(message) as string });
      expect(String(failure)).not.toContain('the-token');
    },
  );

  test('a review host that is down is named in the error message', async () => {
    await expect(askWhoami(new URL('http://127.0.0.1:1'), 'demo', 't')).rejects.toThrow(
      /^The review host at http:\/\/127\.0\.0\.1:1 could not be reached \(ECONNREFUSED\)/,
    );
  });
});
