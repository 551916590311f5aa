import { expect, test } from 'vitest';
import { sessionNameOf } from '../../../cli/aws/assume-role.ts';

test.each([
  ['arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com', 'alice@example.com'],
  ['arn:aws:iam::111122223333:user/team/alice', 'alice'],
])('a forwarded session of %s is named %s', (arn, name) => expect(sessionNameOf(arn)).toBe(name));
