/** The mappings of a cluster as EKS access entries, the successor of `aws-auth`. */
import type { Mapping } from '../records/mapping.ts';
import { literalPrefix, parseTemplate } from '../records/template.ts';
import type { Exported } from './export-aws-auth.ts';

/** The input of `aws eks create-access-entry --cli-input-json`, without the name of the cluster. */
export interface AccessEntry {
  readonly principalArn: string;
  readonly username: string;
  readonly kubernetesGroups: readonly string[];
}

/** EKS refuses usernames that begin with these, and groups that begin with `system:`. */
const reservedPrefixes = ['system:', 'eks:', 'aws:', 'amazon:', 'iam:'];

/** The access entries, and a sentence for each entry of `aws-auth` that cannot be one. */
export function toAccessEntries({ entries }: Exported): {
  readonly entries: readonly AccessEntry[];
  readonly notExported: readonly string[];
} {
  const notExported: string[] = [];
  const kept = entries.flatMap((entry) => {
    const why = accessEntryObstacle(entry);
    if (why !== undefined) notExported.push(`${entry.arn}: ${why}.`);
    const { arn, username, groups } = entry;
    return why === undefined ? [{ principalArn: arn, username, kubernetesGroups: groups }] : [];
  });
  return { entries: kept, notExported };
}

function accessEntryObstacle({ username, groups }: Pick<Mapping, 'username' | 'groups'>): string | undefined {
  const group = groups.find((name) => name.startsWith('system:'));
  if (group !== undefined) {
    return `group ${group} cannot be given by an access entry; associate an access policy, or a node type, instead`;
  }
  const prefix = reservedPrefixes.find((reserved) => username.startsWith(reserved));
  if (prefix !== undefined) return `a username of an access entry must not begin with ${prefix}`;
  const template = parseTemplate(username);
  const hasSession = /\{\{SessionName(?:Raw)?\}\}/.test(username);
  return hasSession && !(template.ok && literalPrefix(template.value).includes(':'))
    ? 'EKS wants a colon before the session name'
    : undefined;
}
