/** What names a template can produce for the callers of one principal, and whether two templates can produce the same name. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { Principal } from '../principal.ts';
import { literalPrefix, parseTemplate } from '../template.ts';
import type { Segment, Template, Values } from '../template.ts';

const unknown: Values = {
  AccountID: undefined,
  SessionName: undefined,
  SessionNameRaw: undefined,
  AccessKeyID: undefined,
  EC2PrivateDNSName: undefined,
  UserName: undefined,
  RoleName: undefined,
};

/** The values that are the same for every caller of a principal. */
function fixedValues(principal: Principal): Values {
  if (principal.arn === undefined) {
    return { ...unknown, AccountID: (principal.permissionSet ?? principal).accountId };
  }
  const arn = parsePrincipalArn(principal.arn);
  return {
    ...unknown,
    AccountID: arn?.accountId,
    RoleName: arn?.kind === 'role' ? arn.name : undefined,
    UserName: arn?.kind === 'user' ? arn.name : undefined,
    SessionName: arn?.kind === 'federated-user' ? arn.name.replaceAll('@', '-') : undefined,
    SessionNameRaw: arn?.kind === 'federated-user' ? arn.name : undefined,
  };
}

/** The template with each fixed value in place of its placeholder. `undefined`: the text is no template. */
export function namePattern(text: string, principal: Principal): Template | undefined {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return undefined;
  const values = fixedValues(principal);
  const segments: Segment[] = [];
  for (const segment of parsed.value) {
    const fixed = segment.kind === 'literal' ? segment.text : values[segment.name];
    const last = segments.at(-1);
    if (fixed === undefined) {
      segments.push(segment);
    } else if (last?.kind === 'literal') {
      segments.splice(-1, 1, { kind: 'literal', text: last.text + fixed });
    } else {
      segments.push({ kind: 'literal', text: fixed });
    }
  }
  return segments;
}

/** The one name that a pattern produces; `undefined`: it depends on the caller. */
export const onlyName = (pattern: Template): string | undefined =>
  pattern.every(({ kind }) => kind === 'literal') ? literalPrefix(pattern) : undefined;

/** One character of a pattern, or `undefined` for any run of what values are made of. */
type Token = string | undefined;

const tokensOf = (pattern: Template): readonly Token[] =>
  pattern.flatMap((segment): readonly Token[] =>
    segment.kind === 'literal' ? segment.text.split('') : [undefined],
  );

/** Sessions, users, roles, access keys and host names: `:` and `/` are never among them. */
const isOfValue = (token: Token): boolean => token === undefined || /^[\w+=,.@-]$/.test(token);

/** Whether some name is one of both patterns. Two names differ if their case does, as in Kubernetes. */
export function canBeEqual(one: Template, other: Template): boolean {
  const [first, second] = [literalPrefix(one), literalPrefix(other)];
  if (!first.startsWith(second) && !second.startsWith(first)) return false;
  const [a, b] = [tokensOf(one), tokensOf(other)];
  // Column j of row i: whether the rests a[i…] and b[j…] can be equal. Rows from the last: each needs the one below.
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j -= 1) row[j] = restsMeet(a, b, i, j, row, below);
    below = row;
  }
  return below[0] === true;
}

function restsMeet(
  a: readonly Token[],
  b: readonly Token[],
  i: number,
  j: number,
  row: readonly boolean[],
  below: readonly boolean[],
): boolean {
  const [hasA, hasB] = [i < a.length, j < b.length];
  if (!hasA && !hasB) return true;
  const [ofA, ofB] = [a[i], b[j]];
  // A run ends here, or covers one more of the other's characters.
  if (hasA && ofA === undefined && (below[j] === true || (hasB && isOfValue(ofB) && row[j + 1] === true)))
    return true;
  if (hasB && ofB === undefined && (row[j + 1] === true || (hasA && isOfValue(ofA) && below[j] === true)))
    return true;
  return hasA && hasB && ofA !== undefined && ofA === ofB && below[j + 1] === true;
}
