/** A cached token belongs to one identity: that of the credentials that are there at this moment. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { obtainToken } from '../../../cli/token/obtain.ts';
import type { ObtainedToken } from '../../../cli/token/obtain.ts';
import type { TokenRequest } from '../../../cli/token/request.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';
import { startCredentialSources } from '../../fixtures/credential-sources.ts';
import type { CredentialSources } from '../../fixtures/credential-sources.ts';
import { newMachine, ways } from '../../fixtures/logins.ts';
import type { Machine, Way } from '../../fixtures/logins.ts';

let sources: CredentialSources;
beforeAll(async () => {
  sources = await startCredentialSources();
});
afterAll(() => sources.close());

let clock = 0;
beforeEach(() => {
  clock = Date.now();
});

const role = 'arn:aws:iam::111122223333:role/Second';

/** The device to ask for a code, and what happens meanwhile. */
interface Mfa {
  readonly serial: string;
  readonly ask: () => Promise<string>;
}

/** A second later than the call before, so that a new token is another text. */
function obtain({ env }: Machine, roleArn?: string, mfa?: Mfa): Promise<ObtainedToken> {
  clock += 1000;
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const request: TokenRequest = {
    clusterId: 'demo',
    roleArn,
    externalId: undefined,
    session: undefined,
    region: undefined,
    mfaSerial: mfa?.serial,
    useCache: true,
  };
  const terminal = { ...quietTerminal(), ...(mfa === undefined ? {} : { ask: mfa.ask }) };
  return obtainToken(request, { env: process.env, terminal, now: () => clock });
}

/** The access key id that signed it: `ASIAALICE…`. */
const signerOf = ({ token }: ObtainedToken): string | undefined =>
  /Credential=([A-Z0-9]+)/.exec(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString())?.[1];

function loggedIn(way: Way, who: string): Machine {
  const machine = newMachine(sources);
  sources.onInstance = undefined;
  way.as(machine, who);
  return machine;
}

const rolesOverIt: readonly (readonly [string, string | undefined])[] = [
  ['', undefined],
  [', with -r', role],
];
const table = ways.flatMap((way) =>
  rolesOverIt.map(([suffix, roleArn]) => [`${way.name}${suffix}`, way, roleArn] as const),
);

describe('a token in the cache', () => {
  test.each(table)('is not printed after another user has logged in: %s', async (_, way, roleArn) => {
    const machine = loggedIn(way, 'alice');
    const first = await obtain(machine, roleArn);
    expect(signerOf(first)).toMatch(/^ASIAALICE/);
    way.as(machine, 'carol');
    expect(signerOf(await obtain(machine, roleArn))).toMatch(/^ASIACAROL/);
  });

  test.each(table)('is not printed after a logout: %s', async (_, way, roleArn) => {
    const machine = loggedIn(way, 'alice');
    await obtain(machine, roleArn);
    way.logOut(machine);
    await expect(obtain(machine, roleArn)).rejects.toMatchObject({ name: 'CliFailure' });
  });

  test.each(table)('is printed again to the same identity: %s', async (_, way, roleArn) => {
    const machine = loggedIn(way, 'alice');
    const first = await obtain(machine, roleArn);
    const second = await obtain(machine, roleArn);
    expect(second.token === first.token).toBe(way.isNewEachTime !== true);
    expect(signerOf(second)).toMatch(/^ASIAALICE/);
  });

  test.each(table.filter(([, way]) => way.correctSecret !== undefined))(
    'is not printed after the secret was corrected: %s',
    async (_, way, roleArn) => {
      const machine = loggedIn(way, 'alice');
      const first = await obtain(machine, roleArn);
      way.correctSecret?.(machine, 'alice');
      expect((await obtain(machine, roleArn)).token === first.token).toBe(false);
    },
  );

  test.each(ways.map((way) => [way.name, way] as const))(
    'has no secret in its name or its file: %s',
    async (_, way) => {
      const machine = loggedIn(way, 'alice');
      await obtain(machine);
      const folder = machine.env['COUNTERSIGN_CACHE_DIR'] ?? '';
      const files = way.isNewEachTime ? [] : readdirSync(folder);
      expect(files).toHaveLength(way.isNewEachTime ? 0 : 1);
      expect(files.map((name) => `${name} ${readFileSync(`${folder}/${name}`, 'utf8')}`).join()).not.toMatch(
        /secret-|AKIA|ASIA/,
      );
    },
  );

  const wayNamed = (name: string): Way => ways.find((way) => way.name === name)!;

  test('is printed without another MFA code', async () => {
    const machine = loggedIn(wayNamed('a process'), 'alice');
    let asked = 0;
    const ask = async () => String((asked += 1));
    const first = await obtain(machine, role, { serial: 'phone', ask });
    expect((await obtain(machine, role, { serial: 'phone', ask })).token === first.token).toBe(true);
    expect(asked).toBe(1);
    await obtain(machine, role, { serial: 'key', ask });
    expect(asked).toBe(2);
  });

  test('is not there if another user logs in while it is created', async () => {
    const way = wayNamed('Identity Center');
    const machine = loggedIn(way, 'alice');
    const ask = async () => {
      way.as(machine, 'carol');
      return '1';
    };
    await obtain(machine, role, { serial: 'phone', ask });
    expect(existsSync(machine.env['COUNTERSIGN_CACHE_DIR'] ?? '')).toBe(false);
  });
});
