/** What callers can have STS answer is no outage: it must not be retried by an apiserver, asked again, or raise the alarm of the fleet. */
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStsTransport } from '../../lib/token/sts.ts';
import { alice, createReviewFixture, review, tokenOf } from './review-fixture.ts';
import type { ReviewFixture } from './review-fixture.ts';

let server: Server;
let answer: (response: ServerResponse) => void;
let asked: number;
let fixture: ReviewFixture;
beforeEach(async () => {
  asked = 0;
  server = createServer((_, response) => {
    asked += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fixture = createReviewFixture();
  fixture.faults = { sts: createStsTransport({ endpoint, reach: 'all' }) };
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const json = (status: number, body: object) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const error = (status: number, Code: string) => json(status, { Error: { Code, Message: 'x' } });
const instance = json(200, {
  GetCallerIdentityResponse: {
    GetCallerIdentityResult: {
      Account: '111122223333',
      Arn: 'arn:aws:sts::111122223333:assumed-role/aws:ec2-instance/i-0123456789abcdef0',
      UserId: '111122223333:aws:ec2-instance:i-0123456789abcdef0',
    },
    ResponseMetadata: { RequestId: 'x' },
  },
});

describe('five reviews of one token', () => {
  test.each([
    [
      'of an account that has switched off the region',
      error(403, 'RegionDisabledException'),
      'region_not_enabled',
    ],
    ['of an account that has not opted in', error(403, 'OptInRequired'), 'region_not_enabled'],
    ['that STS refuses', error(403, 'AccessDenied'), 'sts_access_denied'],
    ['that STS refuses with a new code', error(403, 'NewException'), 'sts_access_denied'],
    ['whose values STS refuses', error(400, 'ValidationError'), 'sts_access_denied'],
    ['of an instance identity role', instance, 'principal_not_mappable'],
  ])('%s are five denials for one question to STS', async (_, given, code) => {
    answer = given;
    const token = tokenOf(alice);
    for (let count = 0; count < 5; count += 1) {
      const { status, body } = await review(fixture, token);
      expect(status).toBe(200);
      expect(body.status.authenticated).toBe(false);
      expect(body.status.error).toMatch(new RegExp(`^${code}: `));
      fixture.time += 1900;
    }
    expect(asked).toBe(1);
    expect(fixture.events.map((event) => event['Unavailable'])).toEqual(Array(5).fill(undefined));
    expect(JSON.stringify(fixture.events)).not.toContain('i-0123456789abcdef0');
  });

  test.each([
    ['whose host answers with an error', error(500, 'InternalFailure'), 1],
    ['whose host throttles', error(400, 'Throttling'), 1],
    [
      'whose host cuts the connection, which is tried once more',
      (response: ServerResponse) => response.destroy(),
      2,
    ],
  ])('%s are unavailable for one question to STS in a second', async (_, given, questions) => {
    answer = given;
    const token = tokenOf(alice);
    for (let count = 0; count < 5; count += 1) {
      expect((await review(fixture, token)).status).toBeGreaterThan(428);
      fixture.time += 199;
    }
    expect(asked).toBe(questions);
    fixture.time += 5;
    await review(fixture, token);
    expect(asked).toBe(2 * questions);
  });
});
