/** Refusals of the admin API as sentences. */
import { describe, expect, test } from 'vitest';
import { createAdminClient } from '../../../cli/admin-client/client.ts';
import { CliFailure } from '../../../cli/exit.ts';
import { adminContext, answering } from '../../fixtures/admin-server.ts';

const get = async (status: number, body: string): Promise<unknown> => {
  const endpoint = await answering((_, response) => {
    response.writeHead(status);
    response.end(body);
  });
  return createAdminClient(adminContext({ endpoint }))
    .call('GET', '/v1/info')
    .catch((error: unknown) => error);
};

describe('a refusal of the admin API', () => {
  test.each([
    [
      'a problem',
      404,
      '{"code":"not_found","detail":"There is no cluster x."}',
      'There is no cluster x. (not_found)',
    ],
    [
      'every problem of a body',
      400,
      '{"code":"invalid_input","detail":"d","errors":[{"path":"groups[0]","message":"must be one."},{"path":"","message":"no"}]}',
      'The input is refused: groups[0]: must be one; no. (invalid_input)',
    ],
    [
      'a stale version',
      412,
      '{"code":"version_mismatch","detail":"It is 3."}',
      'It is 3. Another caller has changed it meanwhile: try again. (version_mismatch)',
    ],
    [
      'IAM',
      403,
      '{"message":"User is not authorized."}',
      /AWS does not let you call .* \(User is not authorized\): you need execute-api:Invoke/,
    ],
    ['a page of something else', 502, '<html>', /answered with status 502: is --endpoint the admin API\?/],
    ['a redirect', 302, '', /answered with status 302/],
    ['200 that is not JSON', 200, 'hello', /did not answer with JSON/],
  ])('the answer of the admin API becomes one sentence: %s', async (_, status, body, sentence) => {
    const error = await get(status, body);
    expect(error).toBeInstanceOf(CliFailure);
    expect((error as Error).message).toMatch(sentence);
  });
});
