/** Where requests of the command line go, how they are signed, and what is said where nobody answers. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminClient } from '../../cli/admin-client/client.ts';
import { findEndpoint } from '../../cli/admin-client/endpoint.ts';
import { CliFailure } from '../../cli/exit.ts';
import { createInput } from '../../cli/input.ts';
import { createProgram } from '../../cli/program.ts';
import { tree } from '../../cli/tree.ts';
import { allCommands } from '../fixtures/cli-commands.ts';
import { exampleWords, quietTerminal } from '../fixtures/cli-terminal.ts';

const context = (options: Record<string, string>, env: Record<string, string> = {}) => ({
  input: createInput(options, []),
  env,
  terminal: quietTerminal(),
});

const endpointOf = (endpoint: string, more: Record<string, string> = {}, env: Record<string, string> = {}) =>
  findEndpoint(context({ endpoint, ...more }, env));

describe('the admin endpoint', () => {
  it.each([
    ['https://abc.execute-api.eu-west-1.amazonaws.com/prod', 'execute-api', 'eu-west-1'],
    ['https://abc-vpce-1.execute-api.us-gov-west-1.amazonaws.com/prod', 'execute-api', 'us-gov-west-1'],
    ['https://abc.execute-api.cn-north-1.amazonaws.com.cn/prod', 'execute-api', 'cn-north-1'],
    ['https://abc.lambda-url.eu-central-1.on.aws', 'lambda', 'eu-central-1'],
  ])('says by its host what to sign for: %s', (url, service, region) => {
    expect(endpointOf(url)?.signing).toEqual({ service, region });
  });

  it('takes service and region from flags, and the region from the environment', () => {
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

  it.each(['http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:8080/'])(
    'is not signed to on loopback: %s',
    (url) => {
      expect(endpointOf(url)?.signing).toBeUndefined();
    },
  );

  it.each([
    'http://example.com',
    'ftp://127.0.0.1',
    'x',
    'https://user@example.com',
    'https://example.com/?a=b',
    'http://127.0.0.1.example.com',
  ])('is refused: %s', (url) => expect(() => endpointOf(url)).toThrow(/must be an https URL/));
});

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function answering(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = async (status: number, body: string): Promise<unknown> => {
  const endpoint = await answering((_, response) => {
    response.writeHead(status);
    response.end(body);
  });
  return createAdminClient(context({ endpoint }))
    .call('GET', '/v1/info')
    .catch((error: unknown) => error);
};

describe('a refusal', () => {
  it.each([
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
      'It is 3. Somebody changed it meanwhile: try again. (version_mismatch)',
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
  ])('is one sentence: %s', async (_, status, body, sentence) => {
    const error = await get(status, body);
    expect(error).toBeInstanceOf(CliFailure);
    expect((error as Error).message).toMatch(sentence);
  });
});

describe('a request', () => {
  it('escapes its path and its query, and goes through all pages', async () => {
    const seen: string[] = [];
    const endpoint = await answering((request, response) => {
      seen.push(request.url!);
      response.end(
        JSON.stringify({
          items: [{ n: seen.length }],
          ...(seen.length < 3 ? { cursor: `c ${seen.length}+` } : {}),
        }),
      );
    });
    const items = await createAdminClient(context({ endpoint: `${endpoint}/stage/` })).list('/v1/mappings', {
      scope: 'cluster/a b',
    });
    expect(items).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(seen[1]).toBe('/stage/v1/mappings?scope=cluster%2Fa%20b&limit=200&cursor=c%201%2B');
  });

  it('stops at the limit that was asked for', async () => {
    const endpoint = await answering((_, response) => {
      response.end(JSON.stringify({ items: [{}, {}], cursor: 'more' }));
    });
    expect(await createAdminClient(context({ endpoint })).list('/v1/changes', {}, 4)).toHaveLength(4);
  });
});

const admin = allCommands(tree).filter(
  ({ flags, path }) => flags.includes('--endpoint') && path !== 'doctor',
);

describe('every command that needs the admin API', () => {
  const runExample = async (path: string, env: Record<string, string>): Promise<unknown> => {
    const { spec } = admin.find((command) => command.path === path)!;
    const around = {
      terminal: quietTerminal(),
      env: { ...env, AWS_ACCESS_KEY_ID: 'AKIA0', AWS_SECRET_ACCESS_KEY: 'x' },
      now: Date.now,
    };
    // -y: they would ask first where they delete.
    const yes = admin.find((command) => command.path === path)!.flags.includes('--yes') ? ['--yes'] : [];
    const words = exampleWords(spec.examples[0]!)
      .filter((word) => word !== '--yes')
      .map((word) => (word === 'fleet.yaml' ? 'package.json' : word));
    return createProgram(tree, '0', around, () => {})
      .parseAsync([...words, ...yes], { from: 'user' })
      .catch((error: unknown) => error);
  };

  it.each(admin.map(({ path }) => path))(
    'says what to set without an endpoint, and what is down: %s',
    async (path) => {
      const unset = await runExample(path, {});
      expect(unset).toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/^No (?:admin API|review host) is known: set COUNTERSIGN_/),
      });
      const down = await runExample(path, { COUNTERSIGN_ENDPOINT: 'http://127.0.0.1:1' });
      expect(down).toMatchObject({
        exitCode: 1,
        message: expect.stringMatching(/could not be reached \(ECONNREFUSED\)/),
      });
    },
  );
});
