import { describe, expect, test } from 'vitest';
import { ConfigError, readTokenReviewConfig, readWhoamiConfig } from '../../lib/config.ts';

const least = { COUNTERSIGN_TABLE: 'countersign', AWS_REGION: 'eu-central-1' };

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readTokenReviewConfig({ ...least, ...environment });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : ['another error was thrown'];
  }
}

test('without optional settings the defaults apply, to token review and whoami', () => {
  expect(readTokenReviewConfig(least)).toEqual({
    table: 'countersign',
    region: 'eu-central-1',
    dynamodbEndpoint: undefined,
    logLevel: 'info',
    stsEndpoint: undefined,
    extraStsRegions: [],
    ec2ReaderRoleArn: undefined,
    scrubbedAccounts: new Set(),
  });
  expect(readWhoamiConfig(least)).toEqual(readTokenReviewConfig(least));
});

test('every setting is read; blanks around values and empty settings do not count', () => {
  expect(
    readTokenReviewConfig({
      COUNTERSIGN_TABLE: ' arn:aws:dynamodb:eu-central-1:111122223333:table/countersign ',
      AWS_REGION: 'us-gov-west-1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
      AWS_ENDPOINT_URL_STS: 'https://vpce-1.sts.us-gov-west-1.vpce.amazonaws.com',
      COUNTERSIGN_EXTRA_STS_REGIONS: 'eu-central-9, us-west-7,',
      COUNTERSIGN_SCRUBBED_ACCOUNTS: '111122223333,444455556666',
      COUNTERSIGN_EC2_READER_ROLE_ARN: 'arn:aws-us-gov:iam::111122223333:role/path/Reader',
      COUNTERSIGN_LOG_LEVEL: '',
    }),
  ).toEqual({
    table: 'arn:aws:dynamodb:eu-central-1:111122223333:table/countersign',
    region: 'us-gov-west-1',
    dynamodbEndpoint: 'http://127.0.0.1:8000',
    stsEndpoint: {
      url: 'https://vpce-1.sts.us-gov-west-1.vpce.amazonaws.com',
      host: 'sts.us-gov-west-1.amazonaws.com',
    },
    extraStsRegions: ['eu-central-9', 'us-west-7'],
    scrubbedAccounts: new Set(['111122223333', '444455556666']),
    ec2ReaderRoleArn: 'arn:aws-us-gov:iam::111122223333:role/path/Reader',
    logLevel: 'info',
  });
});

describe('wrong settings', () => {
  test.each([
    ['COUNTERSIGN_TABLE', 'a table!'],
    ['AWS_REGION', 'Frankfurt'],
    ['AWS_ENDPOINT_URL_DYNAMODB', 'dynamodb'],
    ['AWS_ENDPOINT_URL_DYNAMODB', 'http://10.0.0.1:8000'],
    ['AWS_ENDPOINT_URL_STS', 'https://user:password@sts.example.com'],
    ['AWS_ENDPOINT_URL_STS', 'https://sts.example.com/?x'],
    ['AWS_ENDPOINT_URL_STS', 'ftp://127.0.0.1'],
    ['COUNTERSIGN_EXTRA_STS_REGIONS', 'eu-central-9;us-west-7'],
    ['COUNTERSIGN_EXTRA_STS_REGIONS', 'xx-nowhere-1'],
    ['COUNTERSIGN_SCRUBBED_ACCOUNTS', '1111'],
    ['COUNTERSIGN_EC2_READER_ROLE_ARN', 'arn:aws:iam::111122223333:user/alice'],
    ['COUNTERSIGN_LOG_LEVEL', 'loud'],
  ])('the wrong setting %s=%s is refused by name', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith(`${name} `))).toBe(true);
  });

  test('every wrong setting is reported at once', () => {
    expect(problemsOf({ COUNTERSIGN_TABLE: '', AWS_REGION: '', COUNTERSIGN_LOG_LEVEL: 'loud' })).toHaveLength(
      3,
    );
  });

  test.each([
    [{ COUNTERSIGN_TABLE: ' ' }, 'COUNTERSIGN_TABLE is missing: it must be the name of a DynamoDB table'],
    [{ AWS_REGION: 'Frankfurt' }, 'AWS_REGION must be an AWS region such as eu-central-1'],
    [{ COUNTERSIGN_LOG_LEVEL: 'loud' }, 'COUNTERSIGN_LOG_LEVEL must be one of debug, info, warn, error'],
    [
      { AWS_ENDPOINT_URL_STS: 'http://127.0.0.256' },
      'AWS_ENDPOINT_URL_STS must be an https URL, or an http URL of this machine',
    ],
    [
      { COUNTERSIGN_EXTRA_STS_REGIONS: 'eu-west-1, xx-nowhere-1' },
      'COUNTERSIGN_EXTRA_STS_REGIONS names xx-nowhere-1, which fits no partition of AWS',
    ],
    [
      {
        AWS_REGION: 'xx-nowhere-1',
        AWS_ENDPOINT_URL_STS: 'https://vpce-1.sts.xx-nowhere-1.vpce.amazonaws.com',
      },
      'AWS_REGION is xx-nowhere-1, which fits no partition of AWS: correct it, or unset AWS_ENDPOINT_URL_STS',
    ],
  ])('the problem of %j is %s', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([problem]);
  });

  test('one error holds every problem in its message', () => {
    expect(() =>
      readTokenReviewConfig({ AWS_REGION: 'eu-central-1', COUNTERSIGN_LOG_LEVEL: 'loud' }),
    ).toThrow(
      'Countersign cannot start: COUNTERSIGN_TABLE is missing: it must be the name of a DynamoDB table; COUNTERSIGN_LOG_LEVEL must be one of debug, info, warn, error.',
    );
  });
});
