import { describe, expect, test } from 'vitest';
import { describe as sentenceOf, unavailable } from '../../lib/errors.ts';
import type { Failure } from '../../lib/errors.ts';

const host = 'sts.eu-west-1.amazonaws.com';
const cause = 'ECONNREFUSED';

describe('the sentence of a failure says what could not be done, and what to do', () => {
  test.each<[string, Failure, string]>([
    [
      'STS of the own region',
      unavailable('sts_unreachable', { host, cause }).failure,
      `${host} could not be reached (ECONNREFUSED): try again in a moment.`,
    ],
    [
      'STS of another region',
      unavailable('sts_unreachable', { host, cause, elsewhere: true }).failure,
      `${host} could not be reached (ECONNREFUSED): try again in a moment, or sign for the region of the deployment.`,
    ],
    [
      'a read of the table',
      unavailable('store_unavailable', { cause }).failure,
      'The mappings could not be read (ECONNREFUSED): try again in a moment.',
    ],
    [
      'a write of the table',
      unavailable('store_unavailable', { cause, operation: 'write' }).failure,
      'The table could not be written (ECONNREFUSED): try again in a moment.',
    ],
  ])('about %s tells cause and remedy', (_name, failure, sentence) => {
    expect(sentenceOf(failure)).toContain(sentence);
  });
});
