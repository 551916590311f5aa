/** The flags that say whom something is about. */
import { wrongUsage } from '../exit.ts';
import type { Input } from '../input.ts';
import { compact } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** A principal as the admin API spells it; `undefined` where no flag names one. */
export function principalOf(input: Input): JsonObject | undefined {
  const arn = input.text('arn');
  const name = input.text('permissionSet');
  const accountId = input.text('account');
  const partition = input.text('partition');
  if (arn !== undefined) {
    if (name !== undefined || accountId !== undefined) {
      throw wrongUsage('Give --arn, or --permission-set with --account, or --account alone.');
    }
    return { arn };
  }
  if (name !== undefined) {
    if (accountId === undefined) throw wrongUsage('--permission-set needs --account.');
    return { permissionSet: compact({ accountId, name, partition }) };
  }
  return accountId === undefined ? undefined : compact({ accountId, partition });
}
