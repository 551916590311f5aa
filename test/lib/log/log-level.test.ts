import { expect, test } from 'vitest';
import { logLevels } from '../../../lib/config.ts';
import { isLogged } from '../../../lib/log/log-level.ts';

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
] as const)('under the configured level %s the levels %j are logged', (configured, logged) => {
  expect(logLevels.filter((level) => isLogged(level, configured))).toEqual(logged);
});
