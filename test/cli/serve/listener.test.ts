/** What `countersign serve` answers, over HTTP: rates of clusters, whoami, and bodies that it does not wait for. */
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { freshToken, tokenReview, webhookToken } from '../../../bench/review-event.ts';
import { createServeListener } from '../../../cli/serve/listener.ts';
import type { ServeOptions } from '../../../cli/serve/listener.ts';
import { readTokenReviewConfig } from '../../../lib/config.ts';
import { environmentCredentials } from '../../../lib/net/sign.ts';
import { otherWebhookToken, standInEnvironment, startStandIns } from '../../fixtures/aws-stand-ins.ts';
import type { StandIns } from '../../fixtures/aws-stand-ins.ts';
import { capture } from '../../fixtures/capture.ts';

let standIns: StandIns;
let lines: string[];
beforeEach(async () => {
  lines = [];
  standIns = await startStandIns(webhookToken);
});
afterEach(() => standIns.close());

async function serve(options: Partial<ServeOptions> = {}): Promise<number> {
  const env = standInEnvironment(standIns);
  const listener = createServeListener({
    config: readTokenReviewConfig(env),
    environment: { credentials: environmentCredentials(env), clock: Date.now },
    clusterRate: undefined,
    whoami: true,
    write: (line) => {
      capture(line);
      lines.push(line);
    },
    ...options,
  });
  const server = createServer(listener);
  onTestFinished(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function post(port: number, path: string, bearer: string | undefined, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const options = { host: '127.0.0.1', port, path, method: 'POST', agent: false, headers };
    const sent = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const review = (port: number, token: string, cluster = 'demo'): Promise<Answer> =>
  post(
    port,
    `/v1/clusters/${cluster}/tokenreviews`,
    cluster === 'demo' ? webhookToken : otherWebhookToken,
    tokenReview(token),
  );

describe('the rate of a cluster', () => {
  const clusterRate = { perSecond: 0.001, burst: 3 };

  test('is used up by tokens that STS is asked about: 429 with a code, and not by foreign tokens', async () => {
    const port = await serve({ clusterRate });
    for (let index = 0; index < 10; index += 1) {
      expect(await review(port, `foreign-${index}`)).toMatchObject({ status: 200 });
    }
    const answers = [];
    for (let index = 0; index < 5; index += 1) answers.push(await review(port, freshToken(index)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(JSON.parse(answers[4]!.body)).toMatchObject({
      kind: 'Status',
      reason: 'TooManyRequests',
      message: expect.stringMatching(/^cluster_rate_exceeded: Cluster demo /),
    });
    expect(standIns.calls.get('GetCallerIdentity')).toBe(3);
    expect(standIns.calls.get('BatchGetItem')).toBe(3);
  });

  test('is used up by cached identities too, since each review reads mappings', async () => {
    const port = await serve({ clusterRate });
    const token = freshToken();
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await review(port, token)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(standIns.calls.get('GetCallerIdentity')).toBe(1);
  });

  test('of one cluster leaves the others theirs', async () => {
    const port = await serve({ clusterRate });
    for (let index = 0; index < 20; index += 1) await review(port, freshToken(index, 'other'), 'other');
    const answer = await review(port, freshToken());
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"username":"alice"');
  });

  test('that is exceeded is logged once, and counted each time', async () => {
    const port = await serve({ clusterRate });
    for (let index = 0; index < 13; index += 1) await review(port, freshToken(index));
    expect(lines.filter((line) => line.includes('cluster_rate_exceeded'))).toHaveLength(1);
    const { body } = await new Promise<Answer>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/metrics', agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: text }),
        );
      })
        .on('error', reject)
        .end();
    });
    expect(body).toContain('countersign_cluster_rate_exceeded_total{cluster="demo"} 10\n');
  });
});

test('strangers who ask whoami evict no identity of the reviews, and use up no rate', async () => {
  const port = await serve({ clusterRate: { perSecond: 0.001, burst: 2 } });
  const token = freshToken();
  await review(port, token);
  await post(port, '/v1/clusters/demo/whoami', token, '');
  expect(standIns.calls.get('GetCallerIdentity')).toBe(2);
  await review(port, token);
  expect(standIns.calls.get('GetCallerIdentity')).toBe(2);
  expect(lines.join('')).not.toContain('cluster_rate_exceeded');
});

describe('a body', () => {
  /** Sends headers and a part of the body, and stalls. Resolves with all that comes back until the connection ends. */
  function stall(port: number, head: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        // The whole answer has come, and half of the body has not: end as a client does.
        if (text.includes('\r\n\r\n{')) socket.end();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      const isChunked = head.includes('Transfer-Encoding: chunked');
      socket.write([...head, 'Host: localhost', '', ''].join('\r\n'));
      socket.write(isChunked ? '8\r\n{"kind":\r\n' : '{"kind":');
    });
  }

  test.each([
    ['of a review without a bearer', 'tokenreviews', [], 401, 'unauthorized'],
    ['of a review with another scheme', 'tokenreviews', ['Authorization: Basic eDp5'], 401, 'unauthorized'],
    ['of whoami', 'whoami', [], 200, 'foreign_token'],
    ['of whoami with a bearer', 'whoami', ['Authorization: Bearer x'], 200, 'foreign_token'],
    ['sent to another path', 'nothing', ['Authorization: Bearer x'], 404, 'not_found'],
  ])('%s is not waited for', async (_, action, more, status, code) => {
    const port = await serve();
    const post = `POST /v1/clusters/demo/${action} HTTP/1.1`;
    for (const length of ['Content-Length: 261120', 'Transfer-Encoding: chunked']) {
      const answer = await stall(port, [post, length, ...more]);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
      expect(answer).toContain(code);
    }
  });

  test('of a declared size over 64 KiB is refused before it is read', async () => {
    const port = await serve();
    const head = ['POST /v1/clusters/demo/tokenreviews HTTP/1.1', `Authorization: Bearer ${webhookToken}`];
    expect(await stall(port, [...head, 'Content-Length: 65537'])).toMatch(/^HTTP\/1.1 413 /);
  });

  test('of 20 KB is read, and the connection is kept', async () => {
    const port = await serve();
    const answer = await review(port, 'x'.repeat(20_000));
    expect(answer.status).toBe(200);
  });

  test('that a client without a bearer sends to its end does not cost it the answer', async () => {
    const port = await serve();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        post(port, '/v1/clusters/demo/tokenreviews', undefined, 'x'.repeat(250_000)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(401));
  });
});
