/** The time that the grammar needs for the worst inputs. */
import { expect, test } from 'vitest';
import { stsHosts } from '../../lib/identity/partitions.ts';
import { parseToken } from '../../lib/token/parse/token.ts';
import { frozenNow, tokenOf } from '../fixtures/presign.ts';
import { flawlessUrl } from '../vectors/make-hostile-tokens.ts';

const hosts = stsHosts([]);
const fill = (start: string, unit: string): string => tokenOf(start.padEnd(12_270, unit));
const host = 'https://sts.us-east-1.amazonaws.com';
const worst: Record<string, string> = {
  'one word': fill('', 'A'),
  'a host without end': fill('https://', 'a.'),
  'a path without end': fill(`${host}/`, '/'),
  ampersands: fill(`${host}/?`, '&'),
  'names without values': fill(`${host}/?`, 'Action&'),
  'one name again and again': fill(`${host}/?`, 'Action=&'),
  'unknown names': fill(`${host}/?`, 'a=&'),
  'escapes without end': fill(`${host}/?Action=`, '%41'),
  'escapes that break at the end': fill(`${host}/?Action=`, '%41').slice(0, -2),
  'a credential without end': fill(`${host}/?X-Amz-Credential=`, 'AKIA/'),
  'a session token without end': fill(`${host}/?X-Amz-Security-Token=`, '='),
  'a session token that is all escaped': fill(`${host}/?X-Amz-Security-Token=`, '%2F'),
  'a whole token with a session token that needs every escape': fill(
    `${flawlessUrl}&X-Amz-Security-Token=`,
    '/',
  ),
  'equals signs': fill(`${host}/?Action`, '='),
  'not base64url': `k8s-aws-v1.${'='.repeat(16_373)}`,
};

test('the parser needs less than 5 ms at the 99th percentile for the largest inputs, whatever their shape', () => {
  const times = Object.values(worst).flatMap((token) =>
    Array.from({ length: 200 }, () => {
      // Time of the processor, not of the wall: a busy machine must not fail the test.
      const start = process.cpuUsage();
      parseToken(token, { hosts, partition: 'aws', now: frozenNow });
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    }),
  );
  const p99 = times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? 0;
  console.log(
    `parse, 16 KB inputs: ${p99.toFixed(3)} ms at p99, ${Math.max(...times).toFixed(3)} ms at worst`,
  );
  expect(p99).toBeLessThan(5);
});
